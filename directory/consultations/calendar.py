"""A consultation as a calendar file (RFC 5545): an appointment at an address, and nothing of what it is for."""

from datetime import UTC, datetime

from directory.consultations.models import Consultation
from directory.db import now

LINE_BYTES = 73  # 75 octets with the space that continues a folded line (RFC 5545, 3.1)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a letter."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_BYTES:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar_file(consultation: Consultation, link: str) -> str:
    """One event in UTC, so that it stands right in every zone. Raises ValueError when nothing is booked."""
    if consultation.booked_start is None or consultation.ends_at is None:
        raise ValueError("nothing is booked")
    clinic = consultation.clinic
    place = ", ".join(part for part in (clinic.street, clinic.city, clinic.postal_code, clinic.country) if part)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hairline//appointments//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{consultation.public_id}@hairline",
        f"SEQUENCE:{consultation.sequence}",
        f"DTSTAMP:{_stamp(now())}",
        f"DTSTART:{_stamp(consultation.booked_start)}",
        f"DTEND:{_stamp(consultation.ends_at)}",
        "SUMMARY:Appointment",
        "CLASS:PRIVATE",
        f"URL:{link}",
        *([f"LOCATION:{_escaped(place)}"] if consultation.booked_way == "clinic" and place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(map(_folded, lines)) + "\r\n"
