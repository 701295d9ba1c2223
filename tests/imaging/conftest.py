"""A studio with slots of its own."""

from pathlib import Path

import pytest

from directory.imaging.redraw import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "run")
