"""The counter by which every worker learns that a clinic changed."""

import threading
from functools import partial

from flask import Flask

from directory.clinics.changes import present_version
from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.practitioners.models import Practitioner
from tests import factories


def _version(app: Flask) -> int:
    with app.app_context():
        return present_version().version


def _marks(app: Flask) -> dict[str, int]:
    with app.app_context():
        return dict(db.session.execute(db.select(Clinic.slug, Clinic.changed_at_version)).all())  # type: ignore[arg-type]


def test_each_kind_of_change_marks_the_clinic(app: Flask) -> None:
    factories.saved(
        app,
        lambda: factories.practitioner("Ann", slug="ann", at=factories.clinic(slug="one")),
        lambda: factories.clinic(slug="two"),
    )
    first = _version(app)
    assert first == 1
    assert _marks(app) == {"one": 1, "two": 1}
    changes = [
        lambda: setattr(db.session.query(Clinic).filter_by(slug="one").one(), "city", "York"),
        lambda: db.session.query(Clinic).filter_by(slug="one").one().put_prices([factories.price("hairline", 100)]),
        lambda: setattr(db.session.query(Practitioner).filter_by(slug="ann").one(), "gender", "female"),
        lambda: db.session.query(Clinic).filter_by(slug="one").one().suspend(),
    ]
    for number, change in enumerate(changes, start=2):
        factories.saved(app, change)
        assert _marks(app) == {"one": number, "two": 1}


def test_a_rolled_back_change_leaves_no_mark(app: Flask) -> None:
    factories.saved(app, lambda: factories.clinic(slug="one"))
    with app.app_context(), writing():
        db.session.query(Clinic).filter_by(slug="one").one().suspend()
        db.session.flush()
        db.session.rollback()
        db.session.commit()
    assert _version(app) == 1


def test_parallel_writers_never_share_a_version(app: Flask) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            factories.saved(app, partial(factories.clinic, slug=f"c-{number}-{turn}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    marks = _marks(app)
    assert sorted(marks.values()) == list(range(1, 31))
    assert _version(app) == 30
