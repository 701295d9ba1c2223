"""The committed gazetteer, unpacked once a run."""

import pytest

from directory.places.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer.open(tmp_path_factory.getbasetemp().parent / "hairline-gazetteer")
