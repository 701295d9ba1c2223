"""The reports' lines of the timetable."""

from directory.db import db, writing
from directory.moderation.forgetting import destroy_evidence, forget_words


def forget_reports() -> str:
    """Destroy old evidence, forget old words; each in a transaction of its own."""
    with writing():
        destroyed = destroy_evidence()
        db.session.commit()
        forgotten = forget_words()
        db.session.commit()
    return f"destroyed {destroyed} documents, forgot {forgotten} reports"
