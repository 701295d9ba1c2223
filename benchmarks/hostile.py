"""Eighty hostile files handed in as papers, and what the site's other visitors notice of it.

    python -m benchmarks.hostile [--few N]

A site of its own with two workers, on SQLite. Pages are asked for again and again, first with nothing else going on,
then while forty PDFs and forty pictures are handed in, one after the other. Whatever was taken is then read as a
checker's browser would read it: only a picture drawn anew, without a mark of the file, may come out.
"""

import argparse
import contextlib
import http.client
import re
import secrets
import statistics
import sys
import threading
import time
from collections import Counter

from flask import Flask

from directory.accounts.second_factor import begin_app
from directory.accounts.sessions import UserSession, _signer, cookie_name
from directory.cases.models import Case
from directory.credentials import handing_in
from directory.credentials.evidence import Evidence
from directory.credentials.models import Credential
from directory.db import db, now, writing
from directory.keyed import fingerprint
from directory.practitioners.accounts import PractitionerAccount
from faults.site import Site, a_site, close
from tests import factories
from tests.credentials import hostile, papers

PAGES = ("/clinics/headingley", "/search?near=Leeds", "/practitioners/amara", "/api/v1/clinics?near=Leeds")
CALM_SECONDS, PER_PAPER, PAPERS_OF_ONE = 20, 6, 3
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def _cookie(user: object) -> str:
    token = secrets.token_urlsafe(32)
    db.session.add(UserSession(user=user, digest=fingerprint(token), epoch=user.epoch or 1))  # type: ignore[attr-defined]
    return f"{cookie_name()}={_signer().sign(token).decode()}"


def prepare(app: Flask, count: int) -> tuple[list[tuple[str, str]], str]:
    """Drafts to add papers to, each with its holder's cookie, and a checker's cookie."""
    drafts = []
    with app.app_context(), writing():
        papers.leeds()
        checker = papers.person("checker@example.org")
        begin_app(checker)
        checker.confirmed_at = checker.totp_confirmed_at = now()
        checker.give_role("checker")
        kind = papers.kind("gb-eng-person")
        for number in range(-(-count // PER_PAPER)):
            if number % PAPERS_OF_ONE == 0:  # nobody may add more than twenty a day
                holder, person = papers.person(f"holder{number}@example.org"), factories.practitioner()
                holder.confirmed_at = now()
                db.session.flush()
                db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=holder.id))
                cookie = _cookie(holder)
            facts = {"number": f"N-{number}", "authority": "Leeds", "title": "", "issued_on": None, "expires_on": None}
            made = handing_in.begin(kind, person, holder, **facts)  # type: ignore[arg-type]
            drafts.append((f"/account/credentials/{made.public_id}", cookie))
        desk = _cookie(checker)
        db.session.commit()
    close(app)
    return drafts, desk


def ask(site: Site, path: str, cookie: str = "") -> tuple[int, dict[str, str], bytes]:
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        link.request("GET", path, headers={"Host": f"localhost:{site.port}", "Cookie": cookie})
        answer = link.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        link.close()


def hand_in(site: Site, address: str, cookie: str, content: bytes) -> int:
    """One file, as a browser sends it; the answer's status."""
    _status, headers, page = ask(site, address, cookie)
    token = _TOKEN.search(page.decode())
    assert token, address
    form = headers.get("Set-Cookie", "").split(";")[0]
    edge = secrets.token_hex(12)
    part = f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token[1]}\r\n'
    part += f'--{edge}\r\nContent-Disposition: form-data; name="document"; filename="p.pdf"\r\n\r\n'
    body = part.encode() + content + f"\r\n--{edge}--\r\n".encode()
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        kind = f"multipart/form-data; boundary={edge}"
        sent = {"Host": f"localhost:{site.port}", "Cookie": f"{cookie}; {form}", "Content-Type": kind}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # too large: refused before its end
            link.request("POST", f"{address}/papers", body, sent)
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()


class Visitors:
    """Somebody who reads pages, one after the other, until told to stop; milliseconds for each."""

    def __init__(self, site: Site) -> None:
        self.site, self.taken, self.ending = site, list[float](), threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        at = 0
        while not self.ending.is_set():
            begun = time.perf_counter()
            status, _headers, _body = ask(self.site, PAGES[at % len(PAGES)])
            self.taken.append((time.perf_counter() - begun) * 1000 if status == 200 else float("inf"))
            at += 1
            time.sleep(0.02)

    def __enter__(self) -> "Visitors":
        self.thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.ending.set()
        self.thread.join(60)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.taken, n=20)[-1]


def seen_by_checker(app: Flask, site: Site, desk: str) -> tuple[int, int]:
    """How many pages of all papers came out, and how many of them were anything but a drawing."""
    with app.app_context(), writing():
        holder, checker = papers.person("holder0@example.org"), papers.person("checker@example.org")
        for one in db.session.query(Credential).filter(Credential.status == "draft").order_by(Credential.id).all():
            handing_in.hand_in(one, holder)
        db.session.flush()
        for case in db.session.query(Case).order_by(Case.id).all():
            case.lease_to(checker.id)
        kept = [(paper.public_id, paper.pages) for paper in db.session.query(Evidence).order_by(Evidence.id)]
        db.session.commit()
    close(app)
    out = wrong = 0
    for public_id, pages in kept:
        for number in range(1, pages + 1):
            status, _headers, content = ask(site, f"/desk/papers/{public_id}/{number}", desk)
            out += 1
            wrong += status != 200 or not hostile.is_a_drawing(content)
    return out, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=hostile.EACH, help="so many of each kind only")
    few = parser.parse_args().few
    files = [*hostile.pdfs()[:few], *hostile.pictures()[:few]]
    with a_site("sqlite") as (site, _cluster):
        app = site.app()
        drafts, desk = prepare(app, len(files))
        site.serve()
        for path in PAGES:
            ask(site, path)
        with Visitors(site) as calm:
            time.sleep(CALM_SECONDS)
        statuses, longest = Counter[int](), 0.0
        with Visitors(site) as meanwhile:
            for number, content in enumerate(files):
                begun = time.perf_counter()
                statuses[hand_in(site, *drafts[number // PER_PAPER], content)] += 1
                longest = max(longest, time.perf_counter() - begun)
        out, wrong = seen_by_checker(app, site, desk)
    print(f"hostile files            {len(files):6}, taken {statuses[303]}, refused {statuses[422] + statuses[413]}")
    others = sum(count for status, count in statuses.items() if status not in {303, 413, 422})
    print(f"answered otherwise       {others:6}   (reach 0) {dict(statuses) if others else ''}")
    print(f"pages a checker reads    {out:6}, of them not a drawing {wrong}   (reach 0)")
    print(f"longest single answer    {longest:6.1f} s")
    print(f"p95 of other pages       {calm.p95:6.1f} ms before, {meanwhile.p95:.1f} ms meanwhile, ratio {meanwhile.p95 / calm.p95:.2f}")  # fmt: skip # noqa: E501
    sys.exit(1 if wrong or others else 0)


if __name__ == "__main__":
    main()
