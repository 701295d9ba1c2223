"""Writing as a view would, and an index that looks at each search."""

from collections.abc import Callable

import pytest
from flask import Flask

from directory.db import db, writing
from directory.search import live as live_module


@pytest.fixture
def always_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the version for each search, so that tests need not wait."""
    monkeypatch.setattr(live_module, "LOOK_SECONDS", 0.0)


@pytest.fixture
def write(app: Flask) -> Callable[[Callable[[], object]], None]:
    """Do something in one writing transaction, as a view would."""

    def transaction(act: Callable[[], object]) -> None:
        with app.app_context(), writing():
            act()
            db.session.commit()

    return transaction
