"""Writing as a view would."""

from collections.abc import Callable

import pytest
from flask import Flask

from directory.db import db, writing


@pytest.fixture
def write(app: Flask) -> Callable[[Callable[[], object]], None]:
    """Do something in one writing transaction, as a view would."""

    def transaction(act: Callable[[], object]) -> None:
        with app.app_context(), writing():
            act()
            db.session.commit()

    return transaction
