"""What is checked: how strong it is at a moment, the one way to a new status, and how it may come to an end.

The half of a credential that its checks decide; what its holder and its checker do with it is in `credentials.models`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from directory.accounts.models import User
from directory.credentials.checks import Check
from directory.credentials.levels import Standing, Step, end_of, level_at, standing_at, steps_of
from directory.credentials.transitions import TRANSITIONS
from directory.db import db, now
from directory.errors import Refused
from directory.keyed import pseudonym
from directory.ledger import record
from directory.words import new_public_id


class Checked:
    """A thing whose status rests on a check. Verbs raise Refused for what the table of transitions does not allow."""

    if TYPE_CHECKING:
        id: Any
        status: Any
        check_id: Any
        expires_on: Any
        checks: Any
        issuer: Any
        type: Any

        @property
        def subject(self) -> str: ...

    @property
    def lapses_at(self) -> datetime:
        """The moment its last day ends where its issuer is."""
        return end_of(self.expires_on, self.issuer.timezone)

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.status, self.lapses_at, self.checks)

    def level(self, moment: datetime) -> int:
        return level_at(self.steps, moment)

    def standing(self, moment: datetime) -> Standing:
        ended = self.checks[-1].at if self.checks else None
        return standing_at(self.status, self.lapses_at, self.checks, moment, ended_at=ended)

    def _become(self, status: str, *, role: str, act: str, by: User | None = None, second: User | None = None,
                **look: Any) -> Check:  # fmt: skip
        """The one way to a new status: the check is written first, the credential then rests on it."""
        if (self.status, status) not in TRANSITIONS:
            raise Refused(f"A credential that is {self.status} cannot become {status}.")
        return self._look(status, role=role, act=act, by=by, second=second, **look)

    def _look(self, status: str, *, role: str, act: str, by: User | None, second: User | None = None,
              **look: Any) -> Check:  # fmt: skip
        check = Check(
            public_id=new_public_id(),
            credential_id=self.id,
            status=status,
            at=now(),
            by_id=by.id if by else None,
            second_id=second.id if second else None,
            by_key=pseudonym("checker", by.public_id) if by else "",
            second_key=pseudonym("checker", second.public_id) if second else "",
            **look,
        )
        try:
            with db.session.begin_nested():
                self.checks.append(check)
                db.session.flush()
                self.status, self.check_id = status, check.id
                db.session.flush()
        except IntegrityError as error:
            db.session.refresh(self)
            if "standing_number" in str(error.orig) or "number_key" in str(error.orig):
                raise Refused("Somebody else holds this number. Two people cannot: look at both.") from error
            raise
        facts = {"check": check.public_id, "method": check.method, "issuer": self.issuer.key, "type": self.type.key}
        record(f"credential.{act}", role=role, subject=self.subject, **facts)
        return check

    def suspend(self, *, source: str, by: User, second: User, note: str = "", role: str = "checker") -> Check:
        """By its issuer. Raises Refused without a source and a second person."""
        return self._end("suspended", source, by, second, note, role)

    def revoke(self, *, source: str, by: User, second: User, note: str = "", role: str = "checker") -> Check:
        """By its issuer. Raises Refused without a source and a second person."""
        return self._end("revoked", source, by, second, note, role)

    def _end(self, status: str, source: str, by: User, second: User, note: str, role: str) -> Check:
        if not source.strip() or by.id == second.id:
            raise Refused("This needs a source, and two different people.")
        look: dict[str, Any] = {"method": "register", "result": "failed", "source": source.strip(), "note": note}
        return self._become(status, role=role, act=status, by=by, second=second, **look)

    def dispute(self, *, role: str = "checker", by: User | None = None) -> Check:
        """A report or an appeal about it is open: it counts for nothing meanwhile, and says so."""
        return self._become("disputed", role=role, act="disputed", by=by, method="desk", result="open")

    def give_up(self, reason: str, by: User, *, role: str = "checker") -> Check:
        """Nobody can check it: the issuer is gone, or keeps no register and does not answer."""
        look: dict[str, Any] = {"method": "desk", "result": "open", "note": reason}
        return self._become("unverifiable", role=role, act="given_up", by=by, **look)
