"""What is done for registers with no visitor: the watch catches up, old entries go, holders are reminded in time."""

from sqlalchemy import select

from directory import queue
from directory.credentials import expiring, register_loads, watch
from directory.credentials.registers import APPLIED, RegisterLoad
from directory.db import db, now, writing


def look_again() -> str:
    """Hold every credential that rests on a register against the list in force."""
    fallen = 0
    query = select(RegisterLoad.id).where(RegisterLoad.state == APPLIED).order_by(RegisterLoad.id)
    numbers = list(db.session.scalars(query))
    db.session.rollback()
    for number in numbers:
        with writing():
            load = db.session.get_one(RegisterLoad, number)
            fallen += watch.fall(load, today=now().date())
            db.session.commit()
        note_found(number)
    return f"watched {len(numbers)}, fallen {fallen}"


def note_found(load_id: int) -> None:
    """Note what a list in force bears out, and drop the entries of lists that are over; each batch is committed.

    A list that waits for its second person bears out nothing yet.
    """
    with writing():
        after = None if db.session.get_one(RegisterLoad, load_id).state == APPLIED else 0
        while after != 0:
            after = watch.rise(db.session.get_one(RegisterLoad, load_id), after or 0, today=now().date())
            db.session.commit()
        while register_loads.drop_entries(register_loads.BATCH):
            db.session.commit()


@queue.carries_out(register_loads.JOB)
def note_after_commit(row_id: str, load_id: int) -> None:
    """A list came into force: note what it bears out. Nothing to do when a newer one is in force by now."""
    note_found(load_id)


def remind_holders() -> str:
    """Letters about credentials that end soon."""
    told = 0
    for mark in expiring.MARKS:
        while True:
            with writing():
                count = expiring.remind(mark, today=now().date())
                db.session.commit()
            told += count
            if not count:
                break
    return f"reminded of {told}"
