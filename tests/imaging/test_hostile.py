"""What is not a photo is refused with a sentence; what hides in a photo does not come out."""

import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from directory.imaging.redraw import Drawn, Studio, Unreadable
from tests.imaging import corpus

KINDS = corpus.kinds_not_taken()
BOMBS = corpus.bombs()
DAMAGED = corpus.damaged()
ODD = corpus.odd_but_fine()
# What would make somebody's browser, or somebody's program, take the file for something else than a picture.
MARKS = (b"<html", b"<script", b"<?php", b"%PDF", b"PK\x03\x04", b"Exif\0\0", b"http://ns.adobe.com", b"ICC_PROFILE")
PARENT_MAY_GROW_KB = 50 * 1024


def assert_clean(drawn: Drawn) -> None:
    """Nothing in the files but a picture in plain RGB."""
    for name, content in drawn.files.items():
        assert corpus.CANARY not in content, name
        assert not any(mark in content for mark in MARKS), name
        picture = Image.open(io.BytesIO(content))
        assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[name.rpartition(".")[2]]
        assert picture.mode == "RGB"
        picture.load()
        extra = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert extra <= {"loop", "background", "timestamp", "duration"}, (name, extra)  # of WebP's own container
        assert not picture.getexif()
        assert max(picture.size) <= int(name.partition(".")[0])


def refusal(studio: Studio, content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        studio.photo(content)
    return str(refused.value)


@pytest.mark.parametrize("name", KINDS)
def test_another_kind_of_file_is_refused_by_its_name(studio: Studio, name: str) -> None:
    content, word = KINDS[name]
    assert word in refusal(studio, content)


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_too_large_to_open_is_refused(studio: Studio, name: str) -> None:
    content, words = BOMBS[name]
    assert words in refusal(studio, content)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_broken_file_is_refused(studio: Studio, name: str) -> None:
    assert "damaged or cut off" in refusal(studio, DAMAGED[name])


@pytest.mark.parametrize("name", ODD)
def test_an_unusual_photo_is_drawn(studio: Studio, name: str) -> None:
    assert_clean(studio.photo(ODD[name]))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_everything_but_its_picture(studio: Studio, form: str) -> None:
    assert_clean(studio.photo(corpus.with_everything(form)))


def test_what_is_hidden_under_see_through_parts_is_gone(studio: Studio) -> None:
    drawn = studio.photo(ODD["nothing to see"])
    assert np.asarray(Image.open(io.BytesIO(drawn.files["1600.jpg"]))).min() == 255


def test_changed_bytes_are_refused_or_drawn_clean(studio: Studio) -> None:
    """Seeded damage anywhere in the file: never a fault of ours, never anything but a picture."""
    chance = np.random.default_rng(20_261)
    outcomes = {"drawn": 0, "refused": 0}
    for form in ("JPEG", "PNG", "WEBP") * 3:
        content = bytearray(corpus.with_everything(form))
        for at in chance.integers(12, len(content), 1 + int(chance.integers(0, 12))):
            content[at] = int(chance.integers(0, 256))
        try:
            assert_clean(studio.photo(bytes(content)))
            outcomes["drawn"] += 1
        except Unreadable:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0, outcomes


def test_work_without_end_is_cut_off(tmp_path: Path) -> None:
    """A small file that asks for minutes of computing ends with a sentence, after the seconds allowed."""
    started = time.monotonic()
    assert "too much work" in refusal(Studio(tmp_path, cpu_seconds=1), corpus.many_scans(3_000))
    assert time.monotonic() - started < 15


def test_waiting_without_end_is_cut_off(tmp_path: Path) -> None:
    """The clock on the wall counts too, should the child ever sleep instead of computing."""
    assert "too much work" in refusal(Studio(tmp_path, cpu_seconds=60, wall_seconds=2), corpus.many_scans(3_000))


def test_the_child_knows_no_secret_and_may_call_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at from outside while it works: its surroundings, its limits, its filter of system calls."""
    if not Path("/proc/self/status").exists():
        pytest.skip("this system has no /proc")
    monkeypatch.setenv("SECRET_KEY", "canary-of-the-key")
    content = corpus.many_scans(3_000)
    studio = Studio(tmp_path, cpu_seconds=2)
    work = threading.Thread(target=refusal, args=(studio, content))
    work.start()
    try:
        child = _working_child()
        assert b"canary-of-the-key" not in (child / "environ").read_bytes()
        assert "Seccomp:\t2" in (child / "status").read_text()
        limits = (child / "limits").read_text()
        assert f"Max address space         {1024**3}" in limits
        assert "Max file size             0" in limits
        assert (child / "ns" / "net").readlink() != Path("/proc/self/ns/net").readlink()
    finally:
        work.join()


def _working_child() -> Path:
    """The process that draws, once it has given up what it will give up."""
    for _try in range(400):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = (folder / "status").read_text()
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if (
                f"PPid:\t{os.getpid()}\n" in status
                and b"directory.imaging.worker" in words
                and "Seccomp:\t0" not in status
            ):
                return folder
        time.sleep(0.05)
    raise AssertionError("no child was seen at work")


def test_bombs_cost_the_site_no_memory(tmp_path: Path) -> None:
    """A process like a web worker sends each bomb to the studio: what it holds itself hardly grows."""
    folder = tmp_path / "bombs"
    folder.mkdir()
    files = {
        **{name: content for name, (content, _words) in BOMBS.items()},
        "scans": corpus.many_scans(2_000),
        "texts": DAMAGED["text bomb"],
        "profile": DAMAGED["profile bomb"],
    }
    for number, content in enumerate(files.values()):
        (folder / str(number)).write_bytes(content)
    (tmp_path / "first").write_bytes(corpus.written(corpus.photo()))
    program = """
import json, resource, sys
from pathlib import Path
from directory.imaging.redraw import Studio, Unreadable
root = Path(sys.argv[1])
studio = Studio(root / "run", cpu_seconds=2)
def held(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
studio.photo((root / "first").read_bytes())
before, refused = held(), 0
for file in sorted((root / "bombs").iterdir()):
    try: studio.photo(file.read_bytes())
    except Unreadable: refused += 1
print(json.dumps([held() - before, refused]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=180, check=True
    )
    grown, refused = json.loads(done.stdout.splitlines()[-1])
    assert refused == len(files)
    assert grown < PARENT_MAY_GROW_KB, f"{grown} kB"
