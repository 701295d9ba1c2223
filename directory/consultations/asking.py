"""Whom a question may go to: the clinics of the address, those saved on the visitor's device, up to three at once."""

from collections.abc import Sequence
from typing import NamedTuple

from directory.clinics.membership import has_readers
from directory.clinics.models import PUBLISHED, Clinic
from directory.clinics.queries import visible_clinics
from directory.consultations.inquiries import MOST_CLINICS

# Enough to choose from, and a form that a thumb gets through.
MOST_OFFERED = 12


class Choice(NamedTuple):
    """Clinics in the order of asking: those where somebody would read the question, and those where nobody would."""

    reading: list[Clinic]
    silent: list[Clinic]

    @classmethod
    def among(cls, wanted: Sequence[str], saved: Sequence[str]) -> "Choice":
        """Of the clinics named in the address all, of those saved such as read; a hidden one does not exist."""
        known = published([*wanted, *saved][: MOST_OFFERED + MOST_CLINICS])
        readers = has_readers([clinic.id for clinic in known])
        named = set(wanted)
        reading = [clinic for clinic in known if clinic.id in readers]
        silent = [clinic for clinic in known if clinic.id not in readers and clinic.slug in named]
        return cls(reading[:MOST_OFFERED], silent)

    def first(self, wanted: Sequence[str]) -> list[str]:
        """What is ticked at first: the first three of those named in the address."""
        return [clinic.slug for clinic in self.reading if clinic.slug in set(wanted)][:MOST_CLINICS]

    def chosen(self, slugs: Sequence[str]) -> list[Clinic]:
        return [clinic for clinic in self.reading if clinic.slug in set(slugs)]


def published(slugs: Sequence[str]) -> list[Clinic]:
    """The clinics among the slugs that can be asked at all: a closed one cannot."""
    return [clinic for clinic in visible_clinics(list(slugs)) if clinic.status == PUBLISHED]
