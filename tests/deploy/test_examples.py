"""The deployment examples, started for real: nginx in front of gunicorn in production mode, on two PostgreSQL roles."""

import contextlib
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.engines import free_port, missing, wait_for_port

ROOT = Path(__file__).parent.parent.parent
HOST = "directory.example"

pytestmark = pytest.mark.xdist_group("deploy")


@pytest.fixture(scope="module")
def roles(postgresql: str) -> tuple[str, str]:
    """The two roles of roles.sql on a database of their own: (owner's URL, user's URL)."""
    cluster = postgresql.replace("+psycopg", "")
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE deployed")
    with psycopg.connect(f"{cluster}/deployed", autocommit=True) as connection:
        connection.execute((ROOT / "deploy/postgresql/roles.sql").read_text())
    deployed = f"{cluster}/deployed"
    return deployed.replace("owner@", "hairline_owner@"), deployed.replace("owner@", "hairline_web@")


@pytest.fixture(scope="module")
def site(roles: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port on which nginx speaks TLS, with the site behind it."""
    nginx = shutil.which("nginx") or missing("nginx")
    folder = tmp_path_factory.mktemp("site")
    data = folder / "data"
    data.mkdir(mode=0o750)
    port, tls = free_port(), free_port()
    environment = {
        **os.environ,
        "MODE": "production",
        "DATA": str(data),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "SECRET_KEY": secrets.token_hex(32),
        "BASE_URL": f"https://{HOST}",
        "PROXY_HOPS": "1",
        "CONTACT_EMAIL": f"desk@{HOST}",
        "MAIL_FROM": f"letters@{HOST}",
        "PSEUDONYM_KEY": secrets.token_hex(32),
        "KEK": secrets.token_hex(32),
        "LEDGER_KEY": secrets.token_hex(32),
        "MIGRATE_URL": roles[0],
        "DATABASE_URL": roles[1],
    }
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "wsgi:app"],
        cwd=ROOT,
        env=environment,
        stderr=(folder / "web.log").open("wb"),
    )
    front = None
    try:
        wait_for_port(port, web)
        config = _nginx_config(folder, port, tls)
        front = subprocess.Popen([nginx, "-c", config, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        wait_for_port(tls, front)
        yield tls
    finally:
        for process in filter(None, (front, web)):
            process.terminate()
            process.wait(15)


def _nginx_config(folder: Path, port: int, tls: int) -> Path:
    """The example as it stands, with this test's ports and a certificate of its own."""
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            f"/CN={HOST}",
            "-addext",
            f"subjectAltName=DNS:{HOST}",
            "-keyout",
            folder / "privkey.pem",
            "-out",
            folder / "fullchain.pem",
        ],
        check=True,
        capture_output=True,
    )
    text = (ROOT / "deploy/nginx/hairline.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("listen 443", f"listen 127.0.0.1:{tls}"),
        ("/etc/ssl/hairline", str(folder)),
    ):
        assert old in text
        text = text.replace(old, new)
    temp = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}} http {{ {temp} {text} }}"
    )
    return main


def _get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", headers={"Host": HOST})
    try:
        with urllib.request.urlopen(request, context=context, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def test_the_site_answers_through_the_proxy(site: int) -> None:
    status, headers, text = _get(site, "/")
    assert status == 200
    assert "Hairline" in text
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert _get(site, "/readyz")[0] == 200


def test_metrics_stay_inside(site: int) -> None:
    assert _get(site, "/metrics")[0] == 404


def test_the_web_role_may_not_touch_the_schema(site: int, roles: tuple[str, str]) -> None:
    with psycopg.connect(roles[1], autocommit=True) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DROP TABLE clinic")


def test_half_open_connections_do_not_stop_the_site(site: int) -> None:
    """Nineteen visitors who never finish their first byte; a bare gunicorn stops at twenty."""
    with contextlib.ExitStack() as stack:
        for _ in range(19):  # one address may hold twenty connections
            half = stack.enter_context(socket.create_connection(("127.0.0.1", site), timeout=5))
            half.send(b"\x16\x03\x01")
        began = time.monotonic()
        assert _get(site, "/healthz")[0] == 200
        assert time.monotonic() - began < 3


def test_a_body_past_the_limit_is_stopped_by_the_proxy(site: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(
        f"https://127.0.0.1:{site}/preferences", data=b"x" * 300_000, headers={"Host": HOST}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, context=context, timeout=10)
    assert refused.value.code == 413
