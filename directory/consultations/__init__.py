"""Consultations: a seeker asks up to three clinics, a time is found, both say whether they met, a plan follows.

What the seeker writes is about health: it is sealed with the person's own key, shown to the clinics asked and to nobody
else, never in a letter or a log, and gone on schedule or at once when the person says so.
"""

from directory.consultations import photos  # last on the chain of what an inquiry is made of: all tables are known then

__all__ = ["photos"]
