"""What cases keep about a person: handed out with the export; of an erased person only the decisions stay."""

from typing import Any

from sqlalchemy import or_, select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import Case, Note
from directory.db import db, now

Rows = list[dict[str, Any]]
OPEN = ("open", "waiting")


def _cases(user: User) -> Rows:
    query = select(Case).where(Case.author_id == user.id).order_by(Case.id)
    return [
        {"about": case.kind, "opened": case.opened_at.isoformat(), "state": case.state}
        for case in db.session.scalars(query)
    ]


def _forget_cases(user: User) -> None:
    """What was still open about the person's items is withdrawn; the evidence in words goes with them."""
    mine = or_(Case.author_id == user.id, Case.opened_by_id == user.id)
    db.session.execute(update(Case).where(Case.leased_by_id == user.id).values(leased_by_id=None, leased_until=None))
    db.session.execute(
        update(Case)
        .where(Case.author_id == user.id, Case.state.in_(OPEN))
        .values(state="withdrawn", closed_at=now(), leased_by_id=None, leased_until=None)
    )
    db.session.execute(update(Case).where(mine).values(facts={}))
    db.session.execute(update(Case).where(Case.author_id == user.id).values(author_id=None))
    db.session.execute(update(Case).where(Case.opened_by_id == user.id).values(opened_by_id=None))


def _notes(user: User) -> Rows:
    query = select(Note).where(Note.by_id == user.id).order_by(Note.id)
    return [{"note": note.text, "written": note.at.isoformat()} for note in db.session.scalars(query)]


def _forget_notes(user: User) -> None:
    db.session.execute(update(Note).where(Note.by_id == user.id).values(by_id=None))


def _decisions(user: User) -> Rows:
    query = select(Decision).where(Decision.by_id == user.id).order_by(Decision.id)
    return [{"act": one.act, "rule": one.rule, "made": one.at.isoformat()} for one in db.session.scalars(query)]


def _forget_decisions(user: User) -> None:
    db.session.execute(update(Decision).where(Decision.by_id == user.id).values(by_id=None))
    db.session.execute(update(Decision).where(Decision.second_id == user.id).values(second_id=None))


def _statements(user: User) -> Rows:
    query = select(Statement).where(Statement.to_user_id == user.id).order_by(Statement.id)
    return [
        {"restriction": one.restriction, "reasons": one.facts, "sent": one.at.isoformat()}
        for one in db.session.scalars(query)
    ]


def _forget_statements(user: User) -> None:
    told = update(Statement).where(Statement.to_user_id == user.id)
    db.session.execute(told.values(erased=True, facts="", to_user_id=None))


def _appeals(user: User) -> Rows:
    query = select(Appeal).where(Appeal.by_id == user.id).order_by(Appeal.id)
    return [
        {"appeal": one.text, "written": one.at.isoformat(), "outcome": one.outcome, "answer": one.reply}
        for one in db.session.scalars(query)
    ]


def _forget_appeals(user: User) -> None:
    db.session.execute(update(Appeal).where(Appeal.by_id == user.id).values(text="", by_id=None))
    db.session.execute(update(Appeal).where(Appeal.answered_by_id == user.id).values(answered_by_id=None))


covers("case_file", title="Items of yours that were looked at", export=_cases, erase=_forget_cases)
covers("case_note", title="Notes you wrote at the desk", export=_notes, erase=_forget_notes)
covers("decision", title="Decisions you made at the desk", export=_decisions, erase=_forget_decisions)
covers("statement", title="Reasons you were given", export=_statements, erase=_forget_statements)
covers("appeal", title="Your appeals", export=_appeals, erase=_forget_appeals)
