"""What stages, photos and replies have in common: one set of states, and the statement behind whatever hides them.

`draft` and `pending` are not public and nobody decided; every other way of not being public carries the statement that
says why, or was its author's own wish. The database refuses the rest (EXPLAINED).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import UTCDateTime, now
from directory.errors import Refused

PUBLIC = ("published", "redacted")
SEEN = (*PUBLIC, "removed")  # a tombstone is seen too
TRANSITIONS = {
    ("draft", "pending"),
    ("draft", "withdrawn"),
    ("pending", "published"),
    ("pending", "refused"),
    ("pending", "redacted"),
    ("pending", "needs_edit"),
    ("pending", "withdrawn"),
    ("needs_edit", "pending"),
    ("needs_edit", "published"),  # on appeal
    ("needs_edit", "refused"),
    ("needs_edit", "withdrawn"),
    ("refused", "pending"),  # somebody else looks again
    ("published", "redacted"),
    ("published", "removed"),
    ("published", "withdrawn"),
    ("redacted", "redacted"),  # one more sentence
    ("redacted", "removed"),
    ("redacted", "published"),  # on appeal
    ("redacted", "withdrawn"),
    ("refused", "published"),  # on appeal
    ("refused", "withdrawn"),
    ("removed", "published"),  # on appeal
    ("removed", "withdrawn"),
}
STATES = ("draft", "pending", "needs_edit", "published", "redacted", "refused", "removed", "withdrawn")
STATE_CHECK = f"state IN ({', '.join(repr(state) for state in STATES)})"
EXPLAINED = "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL"


class Moderated:
    """A state, since when, and the statement behind it."""

    state: Mapped[str] = mapped_column(String(12), default="draft")
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    state_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def become(self, state: str, *, statement_id: int | None = None) -> None:
        """Raises Refused when the rules do not allow it; the database refuses a missing statement."""
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"What is {self.state} cannot become {state}.")
        was_seen = self.state in SEEN
        self.state, self.statement_id, self.state_at = state, statement_id, now()
        if was_seen or state in SEEN:  # what only the desk sees must not show in the versions of public pages
            self.changed()

    def changed(self) -> None:
        """What follows from a new state; a noun that others show says here what must hear of it."""

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    def publish(self) -> None:
        self.become("published")

    def ask_edit(self, statement_id: int) -> None:
        """Its author may mend it; the statement says what is wrong."""
        self.become("needs_edit", statement_id=statement_id)

    def refuse(self, statement_id: int) -> None:
        """It is not published, for the reason in the statement."""
        self.become("refused", statement_id=statement_id)

    def remove(self, statement_id: int) -> None:
        """What was public is so no longer; a tombstone stays in its place."""
        self.become("removed", statement_id=statement_id)

    def withdraw(self) -> None:
        """Its author takes it back."""
        self.become("withdrawn")
