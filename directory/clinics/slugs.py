"""The last part of a clinic's address on this site: name-town, with a number where two would be equal.

A slug once given is never given to another clinic: addresses that changed live on as OldSlug.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from slugify import slugify
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.clinics.models import Clinic, OldSlug
from directory.words import fold

STEM_LIMIT = 100
_AHEAD, _WINDOW, _AT_ONCE = 4, 64, 500


def stem_of(name: str, city: str) -> str:
    """`name-town` in plain letters of other scripts too ("Łódź" gives "lodz"); "clinic" when nothing is left."""
    # Folding first spares slugify's slow transliteration for all but other scripts.
    words = slugify(fold(f"{name[:120]} {city[:60]}"), max_length=STEM_LIMIT, word_boundary=True, save_order=True)
    return words or "clinic"


class SlugBook:
    """Gives out free slugs within one writing transaction after another, remembering how far each stem has got.

    The lowest free number is given, so what a listing gets depends on the listings before it and on nothing else.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._next: dict[str, int] = {}

    def take(self, stems: Sequence[str]) -> list[str]:
        """One free slug for each stem, in order. The caller holds the write lock and inserts them at once."""
        taken = self._existing({stem for stem in stems if stem not in self._next})
        asked = Counter(stems)
        clashing = [stem for stem in asked if stem in self._next or stem in taken or asked[stem] > 1]
        ahead = {stem: self._next.get(stem, 2) + asked[stem] + _AHEAD for stem in clashing}
        taken |= self._existing(
            {f"{stem}-{n}" for stem, end in ahead.items() for n in range(self._next.get(stem, 2), end)}
        )
        given: list[str] = []
        for stem in stems:
            is_first = stem not in self._next and stem not in taken
            slug = stem if is_first else self._numbered(stem, taken, ahead[stem])
            taken.add(slug)
            given.append(slug)
        return given

    def _numbered(self, stem: str, taken: set[str], known_to: int) -> str:
        """The lowest free number; `taken` is complete for this stem below `known_to`."""
        number, window = self._next.get(stem, 2), _WINDOW
        while True:
            while number < known_to:
                number += 1
                if (slug := f"{stem}-{number - 1}") not in taken:
                    self._next[stem] = number
                    return slug
            known_to = number + window
            taken |= self._existing({f"{stem}-{n}" for n in range(number, known_to)})
            window *= 4

    def _existing(self, slugs: Iterable[str]) -> set[str]:
        """Which of the slugs are or once were the address of a listing."""
        wanted = sorted(slugs)
        found: set[str] = set()
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            now = select(Clinic.slug).where(Clinic.slug.in_(part)).order_by(Clinic.slug)
            once = select(OldSlug.slug).where(OldSlug.slug.in_(part)).order_by(OldSlug.slug)
            found.update(self._session.scalars(now), self._session.scalars(once))
        return found


def new_slug(session: Session, name: str, city: str) -> str:
    """A free slug for one clinic made or renamed at a desk."""
    return SlugBook(session).take([stem_of(name, city)])[0]
