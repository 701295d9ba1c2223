"""One door to stored bytes: photos, proofs. A folder of this machine, or a bucket that speaks S3.

FILES_URL is empty (the folder `files` in the data folder), the path of another folder, or
`s3://bucket/prefix?endpoint=https://host&region=name`. Keys of the bucket stand before its name
(`s3://id:secret@bucket`) or in the usual AWS_* variables.
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import Flask, current_app
from werkzeug.exceptions import HTTPException, ServiceUnavailable

MAX_KEY = 200
# Keys are made by us, from random and digests. This is what keeps a mistake from becoming a path out of the folder.
KEY = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*(?:\.[a-z0-9]+)?")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
RETRY_SECONDS = 30
S3_WAIT = timedelta(seconds=10)
# Below this share of the disk, or this many bytes where that is less, nothing more is taken in: the database and the
# log share the disk, and a full one stops even deletion.
FREE_SHARE, FREE_BYTES = 0.1, 2 * 1024**3

log = structlog.get_logger()


class NoRoom(HTTPException):
    """507: the disk is nearly full; what is stored already stays readable."""

    code = 507
    description = "There is no room for more files just now. Please try again tomorrow."


class Store(Protocol):
    """What either kind of place can do."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...
    def get(self, key: str) -> bytes | None: ...
    def delete(self, key: str) -> None: ...
    def exists(self, key: str) -> bool: ...
    def keys(self) -> Iterator[str]: ...


class Bucket(NamedTuple):
    """FILES_URL taken apart; empty texts are left to the surroundings."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str


def read_bucket(url: str) -> Bucket | None:
    """The bucket an address names, None for a folder. Raises ValueError with a line fit to show."""
    if "://" not in url:
        if url and not Path(url).is_absolute():
            raise ValueError("FILES_URL: a folder needs its whole path")
        return None
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ValueError("FILES_URL must be a folder or look like s3://bucket/prefix?endpoint=https://host")
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if unknown := sorted(set(asked) - {"endpoint", "region"}):
        raise ValueError(f"FILES_URL: {unknown[0][:40]!r} is not understood, only endpoint and region are")
    endpoint = urlsplit(asked.get("endpoint", ""))
    if endpoint.scheme == "http" and endpoint.hostname not in LOOPBACK:
        raise ValueError("FILES_URL: an http:// endpoint is for this machine only")
    if asked.get("endpoint") and (endpoint.scheme not in {"http", "https"} or not endpoint.hostname):
        raise ValueError("FILES_URL: the endpoint must begin with https://")
    return Bucket(
        name=parts.netloc.rpartition("@")[2],
        prefix=parts.path.strip("/"),
        endpoint=asked.get("endpoint", ""),
        region=asked.get("region", ""),
        key_id=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
    )


def files_fault(url: str) -> str:
    """What is wrong with FILES_URL in one line; empty when nothing is."""
    try:
        read_bucket(url)
    except ValueError as error:
        return str(error) if str(error).startswith("FILES_URL") else "FILES_URL cannot be read as an address"
    return ""


class FolderStore:
    """Files below one folder, readable by its owner only.

    What `put` acknowledged survives a power cut: bytes and name are both flushed before it returns.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write beside the place and rename into it, so that nobody ever reads half a file."""
        path = self.folder / key
        self._make_folders(path.parent)
        space = shutil.disk_usage(self.folder)
        if space.free - len(content) < min(FREE_SHARE * space.total, FREE_BYTES):
            raise NoRoom
        draft = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        flush_names(path.parent)

    def get(self, key: str) -> bytes | None:
        try:
            return (self.folder / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def delete(self, key: str) -> None:
        path = self.folder / key
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
            flush_names(path.parent)

    def exists(self, key: str) -> bool:
        return (self.folder / key).is_file()

    def keys(self) -> Iterator[str]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self.folder).as_posix()

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self.folder:
            self._make_folders(folder.parent)
        # `parents=True` would give the folders above the usual mode, open to everybody.
        folder.mkdir(mode=0o700, exist_ok=True, parents=folder == self.folder)
        flush_names(folder.parent)


def flush_names(folder: Path) -> None:
    """Make names in a folder durable, not only the bytes behind them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BucketStore:
    """Objects of a bucket. Only "there is none" is an answer; whatever else goes wrong is raised."""

    def __init__(self, bucket: Bucket) -> None:
        from obstore.store import S3Store  # 16 MB, loaded only where a bucket is used

        config: dict[str, Any] = {
            "endpoint": bucket.endpoint,
            "region": bucket.region,
            "access_key_id": bucket.key_id,
            "secret_access_key": bucket.secret,
        }
        self.store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config={name: value for name, value in config.items() if value},  # type: ignore[arg-type]
            client_options={
                "timeout": S3_WAIT,
                "connect_timeout": timedelta(seconds=3),
                "allow_http": bucket.endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": S3_WAIT},
        )

    def put(self, key: str, content: bytes, content_type: str) -> None:
        import obstore

        obstore.put(self.store, key, content, attributes={"Content-Type": content_type})

    def get(self, key: str) -> bytes | None:
        import obstore

        try:
            return bytes(obstore.get(self.store, key).bytes())
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        import obstore

        obstore.delete(self.store, key)  # S3 is content when there is none; a missing bucket must not look done

    def exists(self, key: str) -> bool:
        import obstore

        try:
            obstore.head(self.store, key)
        except FileNotFoundError:
            return False
        return True

    def keys(self) -> Iterator[str]:
        import obstore

        for page in obstore.list(self.store):
            yield from sorted(str(one["path"]) for one in page)


@contextmanager
def _answering() -> Iterator[None]:
    """A store that cannot be reached is a reason to try again, never "there is no such file"."""
    try:
        yield
    except HTTPException:
        raise
    except Exception as error:  # obstore raises its own kinds, the folder OSError
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoRoom from error
        log.error("files.unavailable", kind=type(error).__name__, code=getattr(error, "errno", None))
        raise ServiceUnavailable(retry_after=RETRY_SECONDS) from error


def _store(key: str) -> Store:
    if len(key) > MAX_KEY or not KEY.fullmatch(key):
        raise ValueError("a key is made of small letters, digits, - and _, with / between and one ending")
    store: Store = current_app.extensions["files"]
    return store


def put(key: str, content: bytes, *, content_type: str) -> None:
    """Keep bytes under a key of ours; when this returns they are safe. Raises NoRoom or ServiceUnavailable."""
    store = _store(key)
    with _answering():
        store.put(key, content, content_type)


def get(key: str) -> bytes | None:
    """The bytes, None when there are none under this key. Raises ServiceUnavailable when nobody can tell."""
    store = _store(key)
    with _answering():
        return store.get(key)


def delete(key: str) -> None:
    """Destroy the bytes; no fault when they are gone already. Raises ServiceUnavailable when it is not done."""
    store = _store(key)
    with _answering():
        store.delete(key)


def exists(key: str) -> bool:
    """Whether there are bytes under this key."""
    store = _store(key)
    with _answering():
        return store.exists(key)


def every_key() -> Iterator[str]:
    """Every key there are bytes under. Raises ServiceUnavailable when nobody can tell."""
    store: Store = current_app.extensions["files"]
    with _answering():
        yield from store.keys()


def init_app(app: Flask, url: str, default: Path) -> None:
    """Open the place that FILES_URL names, the default folder where it names none.

    An address that cannot be read keeps a server from starting; commands such as `doctor` get the default.
    """
    url = "" if files_fault(url) else url
    bucket = read_bucket(url)
    app.extensions["files"] = BucketStore(bucket) if bucket else FolderStore(Path(url) if url else default)
