"""What the child gives up is really gone: tried from inside, one means at a time."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from directory.imaging.redraw import Studio
from tests.imaging import corpus

TRIES = """
import json, os, socket, sys
from directory.imaging import isolation
folder, port, means, *wanted = sys.argv[1:]
given_up = getattr(isolation, means)()

def connect():
    with socket.socket() as line:
        line.settimeout(2)
        line.connect(("127.0.0.1", int(port)))

acts = {
    "connect": connect,
    "read": lambda: open("/etc/hostname").close(),
    "write": lambda: open(folder + "/made", "w").close(),
    "delete": lambda: os.unlink(folder + "/kept"),
    "fork": os.fork,
    "run": lambda: os.execv("/bin/true", ["true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
}
outcomes = {}
for name in wanted or acts:
    try:
        acts[name]()
        outcomes[name] = "done"
    except OSError as error:
        outcomes[name] = type(error).__name__
print(json.dumps([given_up, sum(range(1000)), outcomes]), flush=True)
os._exit(0)
"""


def _tried(folder: Path, means: str, *acts: str) -> dict[str, str]:
    """How each act ended in a process that gave up one means, there being a listener to connect to."""
    (folder / "kept").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        words = [sys.executable, "-c", TRIES, str(folder), str(listener.getsockname()[1]), means, *acts]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    given_up, computed, outcomes = json.loads(done.stdout.splitlines()[-1])
    if not given_up:
        pytest.skip(f"this system lets this user not {means.replace('_', ' ')}")
    assert computed == 499_500
    return dict(outcomes)


def test_without_calls_nothing_but_computing_is_left(tmp_path: Path) -> None:
    outcomes = _tried(tmp_path, "give_up_calls")
    assert len(outcomes) == 7
    assert set(outcomes.values()) == {"PermissionError"}
    assert (tmp_path / "kept").exists()
    assert not (tmp_path / "made").exists()


def test_without_network_nothing_answers(tmp_path: Path) -> None:
    """By the network namespace alone; files stay open to it, which is why it is not the only means."""
    assert _tried(tmp_path, "leave_network", "connect") == {"connect": "OSError"}


def test_the_studio_tells_whether_it_is_isolated(studio: Studio) -> None:
    """`doctor` says what is true here: a child that gave up its means does not reach a listener of ours."""
    assert studio.is_isolated() is (sys.platform == "linux")


def test_nothing_is_left_behind(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a process nor a file, in the folder for temporary files least of all."""
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setenv("TMPDIR", str(spare))
    studio.photo(corpus.with_everything("PNG"))
    assert list(spare.iterdir()) == []
    assert {path.stat().st_size for path in studio.slots.folder.iterdir()} == {0}
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not [command for command in commands if b"imaging" in command]
