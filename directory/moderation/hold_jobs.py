"""What was hidden at once and never decided shows again."""

from sqlalchemy import select

from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.db import db, now, writing
from directory.moderation.holding import HELD_FOR, HOLD, held, lift, tell_author


def lift_overdue() -> str:
    """What nobody decided within a day shows again."""
    query = (
        select(Decision.id)
        .join(Decision.case)
        .where(
            Decision.act == HOLD,
            Decision.seconded_at.is_(None),
            Decision.at < now() - HELD_FOR,
            Case.state.in_(("open", "waiting")),
        )
        .order_by(Decision.id)
        .limit(200)
    )
    overdue = list(db.session.scalars(query))
    db.session.rollback()
    for number in overdue:
        with writing():
            decision = db.session.get_one(Decision, number)
            if held(decision.case) is decision:
                lift(decision.case, decision, role="system")
                tell_author(decision.case, "desk/shown_again")
            db.session.commit()
    return f"lifted {len(overdue)}"
