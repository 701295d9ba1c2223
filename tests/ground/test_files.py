"""Stored bytes: what was acknowledged is there, what was deleted is gone, and nothing leads out of the folder."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer
from werkzeug.exceptions import ServiceUnavailable

from directory import files
from directory.config import read_settings
from directory.doctor import find_faults
from tests.conftest import settings_for

BAD_ADDRESSES = [
    ("some/folder", "whole path"),  # would move with the place the site is started from
    ("ftp://host/folder", "s3://bucket"),
    ("s3://", "s3://bucket"),
    ("s3://bucket?endpoint=http://store.example", "this machine only"),  # keys and photos in the clear
    ("s3://bucket?endpoint=store.example", "https://"),
    ("s3://bucket?endpont=https://store.example", "'endpont' is not understood"),
    ("s3://[bucket", "cannot be read"),
]
BAD_KEYS = [
    "",
    "/etc/passwd",
    "../secrets/kek",
    "photos/../../kek",
    "photos/%2e%2e/a",
    "photos//a",
    "a/",
    ".hidden",
    "photos/a b",
    "photos/A",
    "a\0b",
    "a\n",
    "a\\b",
    "con:",
    "é",
    "a" * 201,
]


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    """A real S3 speaker on this machine, with the bucket `hairline` in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    _s3(endpoint).create_bucket(Bucket="hairline")
    yield endpoint
    server.stop()


def _s3(endpoint: str):  # type: ignore[no-untyped-def]
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="id", aws_secret_access_key="secret"
    )


def _address(endpoint: str, bucket: str = "hairline") -> str:
    return f"s3://id:secret@{bucket}/site?endpoint={endpoint}&region=us-east-1"


def _site(url: str, folder: Path) -> Flask:
    app = Flask("stored")
    files.init_app(app, url, folder)
    return app


@pytest.fixture(params=["folder", "bucket"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    url = _address(request.getfixturevalue("bucket_server")) if request.param == "bucket" else ""
    with _site(url, tmp_path / "files").app_context():
        yield


def test_what_is_put_is_there_until_it_is_deleted(site: None) -> None:
    key, content = "photos/3f/3f09ab-400.webp", bytes(range(256)) * 2_000
    assert files.get(key) is None
    assert not files.exists(key)
    files.put(key, content, content_type="image/webp")
    assert files.get(key) == content
    assert files.exists(key)
    files.put(key, b"newer", content_type="image/webp")
    assert files.get(key) == b"newer"
    files.delete(key)
    assert files.get(key) is None
    assert not files.exists(key)
    files.delete(key)  # a second time is no fault: a job that was killed does it again


def test_neighbours_stay(site: None) -> None:
    files.put("proofs/a", b"1", content_type="application/octet-stream")
    files.put("proofs/ab", b"2", content_type="application/octet-stream")
    files.delete("proofs/a")
    assert files.get("proofs/ab") == b"2"
    assert files.get("proofs") is None
    assert files.get("proofs/ab/c") is None


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_from_outside_leads_nowhere(site: None, key: str) -> None:
    for act in (files.get, files.delete, files.exists):
        with pytest.raises(ValueError, match="a key is made of"):
            act(key)
    with pytest.raises(ValueError, match="a key is made of"):
        files.put(key, b"x", content_type="image/webp")


def test_many_writers_of_one_key_leave_one_whole_file(tmp_path: Path) -> None:
    app, contents = _site("", tmp_path / "files"), [bytes([i]) * 300_000 for i in range(8)]

    def write(content: bytes) -> None:
        with app.app_context():
            files.put("photos/a.webp", content, content_type="image/webp")

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    with app.app_context():
        while any(writer.is_alive() for writer in writers):
            assert files.get("photos/a.webp") in [None, *contents]
        for writer in writers:
            writer.join()
        assert files.get("photos/a.webp") in contents
    assert [path.name for path in (tmp_path / "files" / "photos").iterdir()] == ["a.webp"]


def test_only_the_owner_can_read_the_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with _site("", tmp_path / "files").app_context():
            files.put("photos/3f/a.webp", b"x", content_type="image/webp")
    finally:
        os.umask(before)
    for path in [tmp_path / "files", *(tmp_path / "files").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_nearly_full_disk_takes_nothing_more_and_gives_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _site("", tmp_path / "files").app_context():
        files.put("photos/a.webp", b"kept", content_type="image/webp")
        monkeypatch.setattr(files, "FREE_SHARE", 1.0)
        monkeypatch.setattr(files, "FREE_BYTES", 2**62)
        with pytest.raises(files.NoRoom) as refused:
            files.put("photos/b.webp", b"more", content_type="image/webp")
        assert refused.value.code == 507
        assert files.get("photos/a.webp") == b"kept"
        files.delete("photos/a.webp")
        assert not files.exists("photos/a.webp")


def test_a_folder_that_fails_is_not_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with _site("", tmp_path / "files").app_context(), pytest.raises(ServiceUnavailable) as refused:
        files.put("photos/a.webp", b"x", content_type="image/webp")
    assert dict(refused.value.get_headers())["Retry-After"]


def test_the_bucket_keeps_kind_and_prefix(bucket_server: str, tmp_path: Path) -> None:
    with _site(_address(bucket_server), tmp_path).app_context():
        files.put("photos/kind.webp", b"x", content_type="image/webp")
    found = _s3(bucket_server).get_object(Bucket="hairline", Key="site/photos/kind.webp")
    assert found["ContentType"] == "image/webp"


def test_a_bucket_out_of_reach_is_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Nothing listens there: every question ends in "try again", soon, not in "there is none" or "it is deleted"."""
    with _site(_address("http://127.0.0.1:9"), tmp_path).app_context():
        for act in (files.get, files.exists, files.delete):
            with pytest.raises(ServiceUnavailable):
                act("photos/a.webp")
        with pytest.raises(ServiceUnavailable):
            files.put("photos/a.webp", b"x", content_type="image/webp")


def test_a_missing_bucket_destroys_and_takes_nothing(bucket_server: str, tmp_path: Path) -> None:
    with _site(_address(bucket_server, "elsewhere"), tmp_path).app_context():
        with pytest.raises(ServiceUnavailable):
            files.put("photos/a.webp", b"x", content_type="image/webp")
        with pytest.raises(ServiceUnavailable):
            files.delete("photos/a.webp")


@pytest.mark.parametrize(("url", "words"), BAD_ADDRESSES)
def test_an_address_that_cannot_be_used_is_named(url: str, words: str, tmp_path: Path) -> None:
    settings = read_settings({"DATA": str(tmp_path), "FILES_URL": url})
    assert any("FILES_URL" in line and words in line for line in settings.problems), settings.problems


def test_the_secret_of_the_bucket_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "address").write_text("s3://id:sec%2Fret@photos/site\n")
    settings = read_settings({"DATA": str(tmp_path), "FILES_URL_FILE": str(tmp_path / "address")})
    assert settings.problems == []
    assert settings.files_folder is None
    bucket = files.read_bucket(settings.files_url)
    assert bucket is not None
    assert (bucket.name, bucket.prefix, bucket.secret) == ("photos", "site", "sec/ret")


def test_doctor_finds_photos_that_anybody_may_read(app: Flask, data_folder: Path, tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    static = Path(__file__).parent.parent.parent / "static" / "img"
    with app.app_context():
        lines = find_faults(settings_for(data_folder, MODE="production", FILES_URL=str(open_folder)))
        assert any("photos and proofs" in line and "chmod" in line for line in lines)
        lines = find_faults(settings_for(data_folder, FILES_URL=str(static.parent)))
        assert any("static files" in line for line in lines)
        assert not any("photos would be opened" in line for line in lines)
