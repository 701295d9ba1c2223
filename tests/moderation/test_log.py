"""The public record as a reader meets it: in words, filtered, row by row, and as files that verify elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory import ledger
from directory.db import db, writing
from directory.ledger import record
from directory.moderation.record import PAGE
from tests import chains
from tests.reading import reads_of, text_of

SCRIPT = Path(__file__).parent.parent.parent / "static" / "verify-log.py"


def _record(app: Flask, *acts: tuple[str, str, str]) -> None:
    for act, role, subject in acts:
        with app.app_context(), writing():
            record(act, role=role, subject=subject, rule="r4", case="abc")
            db.session.commit()


def test_an_empty_record_says_so(client: FlaskClient) -> None:
    assert "Nothing has been decided yet" in text_of(client.get("/transparency/log"))
    assert client.get("/transparency/log.jsonl").text == ""
    assert client.get("/transparency/heads.jsonl").text == ""


def test_each_row_says_in_words_what_by_whom_and_by_which_rule(app: Flask, client: FlaskClient) -> None:
    _record(
        app,
        ("stage.refuse.decided", "moderator", "stage:one"),
        ("review.remove.proposed", "lead", "review:two"),
        ("stage.withdrawn", "author", "stage:three"),
        ("gadget.frobnicate_it", "robot", "gadget:four"),
    )
    text = text_of(client.get("/transparency/log"))
    assert "Part of a review: not published" in text
    assert "Review: taken down (proposed, waits for a second person)" in text
    assert "by a moderator" in text
    assert "r4" in text
    assert "Gadget: frobnicate it" in text  # a key without words is shown as it is
    assert text.index("Gadget") < text.index("taken down") < text.index("not published")  # newest first


def test_what_authors_do_is_dated_by_the_day(app: Flask, client: FlaskClient) -> None:
    _record(app, ("stage.withdrawn", "author", "stage:three"), ("stage.refuse.decided", "moderator", "stage:one"))
    own, desk = chains.read(app)
    assert own.at % 86_400_000_000 == 0
    assert desk.at % 86_400_000_000 != 0
    assert "only the day is recorded" in text_of(client.get("/transparency/log/1"))


def test_filters_by_act_and_by_subject(app: Flask, client: FlaskClient) -> None:
    _record(app, ("stage.refuse.decided", "lead", "stage:one"), ("stage.publish.decided", "lead", "stage:two"))
    one = text_of(client.get("/transparency/log?act=stage.refuse.decided"))
    assert "stage:one" in one
    assert "stage:two" not in one
    two = text_of(client.get("/transparency/log?subject=stage:two"))
    assert "stage:two" in two
    assert "stage:one" not in two
    assert "No row fits" in text_of(client.get("/transparency/log?act=never.was"))


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 30, "act=" + "x" * 61, "subject=%C3%A9"])
def test_what_cannot_be_read_is_named_and_the_rest_kept(app: Flask, client: FlaskClient, query: str) -> None:
    _record(app, ("stage.refuse.decided", "lead", "stage:one"))
    answer = client.get(f"/transparency/log?{query}")
    assert answer.status_code == 200
    assert 'class="notice warn"' in answer.text
    assert "stage:one" in answer.text


def test_pages_lead_through_every_row_once(app: Flask, client: FlaskClient) -> None:
    chains.append(app, 2 * PAGE + 7, each=50)
    address, seen = "/transparency/log", []
    while address:
        page = client.get(address).text
        seen += [part.split('"')[0] for part in page.split('href="/transparency/log/')[1:]]
        older = page.split('rel="next nofollow" href="')
        address = older[1].split('"')[0].replace("&amp;", "&") if len(older) > 1 else ""
    assert [int(number) for number in seen] == list(range(2 * PAGE + 7, 0, -1))


def test_a_row_keeps_its_address_and_names_its_neighbours_and_its_head(
    app: Flask, client: FlaskClient, run: object
) -> None:
    chains.append(app, 2)
    first = client.get("/transparency/log/1")
    assert "no published head yet" in text_of(first)
    run("jobs", "once", "ledger-head")  # type: ignore[operator]
    again = client.get("/transparency/log/1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200  # the head is new
    assert "the head of row 2, signed" in text_of(again)
    assert 'href="/transparency/log/2"' in again.text
    assert client.get("/transparency/log/1", headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    for missing in ("0", "3", "9" * 25, "x"):
        assert client.get(f"/transparency/log/{missing}").status_code == 404


def test_nothing_is_sent_again_while_nothing_happened(app: Flask, client: FlaskClient) -> None:
    chains.append(app, 1)
    for address in ("/transparency/log", "/transparency/log.jsonl", "/transparency/heads.jsonl"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    tag = client.get("/transparency/log.jsonl").headers["ETag"]
    chains.append(app, 1)
    assert client.get("/transparency/log.jsonl", headers={"If-None-Match": tag}).status_code == 200


def test_the_file_holds_the_hashed_rows_and_goes_on_where_one_stopped(app: Flask, client: FlaskClient) -> None:
    chains.append(app, 1_203, each=401)
    whole = client.get("/transparency/log.jsonl")
    assert whole.mimetype == "application/jsonl"
    rows = [json.loads(line) for line in whole.text.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, 1_204))
    for row in rows[:3]:
        facts = ledger.canonical(row["facts"])
        seven = (row[name] for name in ("prev_hash", "seq", "at", "act", "role", "subject"))
        assert row["hash"] == ledger.row_hash(*seven, facts)
    rest = client.get("/transparency/log.jsonl?after=700").text
    assert whole.text.endswith(rest)
    assert json.loads(rest.splitlines()[0])["seq"] == 701
    assert client.get("/transparency/log.jsonl?after=5000").text == ""
    assert client.get("/transparency/log.jsonl?after=x").status_code == 400


def test_the_page_asks_the_database_little(app: Flask, client: FlaskClient) -> None:
    chains.append(app, 120, each=40)
    assert len(reads_of(app, client, "/transparency/log")) <= 4


def _verify(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def served(app: Flask, client: FlaskClient, run: object, tmp_path: Path) -> Path:
    """A folder with the two files as anybody would download them: twelve rows, two heads."""
    for _hour in range(2):
        chains.append(app, 6)
        run("jobs", "once", "ledger-head")  # type: ignore[operator]
    for name in ("log.jsonl", "heads.jsonl"):
        (tmp_path / name).write_bytes(client.get(f"/transparency/{name}").data)
    return tmp_path


def test_the_script_served_is_the_one_tested(client: FlaskClient) -> None:
    page = client.get("/transparency/log").text
    address = next(part.split('"')[0] for part in page.split('href="') if "verify-log.py" in part.split('"')[0])
    assert client.get(address).data == SCRIPT.read_bytes()


def test_anybody_can_verify_what_was_served(app: Flask, served: Path, client: FlaskClient) -> None:
    head = json.loads((served / "log.jsonl").read_text().splitlines()[-1])["hash"]
    key = json.loads((served / "heads.jsonl").read_text().splitlines()[0])["key"]
    assert key in client.get("/transparency/log").text
    expected = f"12 rows, unbroken; head {head}"
    assert _verify(served, "log.jsonl", "--head", head) == (0, expected + "\n")
    status, said = _verify(served, "log.jsonl", "--heads", "heads.jsonl", "--key", key)
    assert (status, said) == (0, f"12 rows, unbroken, 2 published heads lie in it and are signed; head {head}\n")


def test_the_script_names_each_kind_of_tampering_on_each_row(app: Flask, served: Path) -> None:
    chain = chains.read(app)
    for kind, tamper in chains.SIX_KINDS.items():
        for at in range(len(chain)):
            changed = tamper(chain, at)
            text = "".join(ledger.canonical(row.public()) + "\n" for row in changed)
            (served / "changed.jsonl").write_text(text)
            status, said = _verify(served, "changed.jsonl", "--head", chain[-1].hash)
            assert status == 1, (kind, at)
            named = int(said.split("row ")[1].split()[0].strip(":"))
            assert abs(named - chain[at].seq) <= 1, (kind, at, said)


def _line(text: str, number: int, old: str, new: str) -> str:
    lines = text.splitlines(keepends=True)
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new)
    return "".join(lines)


def test_the_script_catches_what_only_a_file_can_have_wrong(app: Flask, served: Path) -> None:
    log, heads = (served / "log.jsonl").read_text(), (served / "heads.jsonl").read_text()
    other = "".join(ledger.canonical(row.public()) + "\n" for row in chains.remade(chains.read(app), 3))
    cut = "".join(log.splitlines(keepends=True)[:9])
    wrong = [
        (_line(log, 2, '"act"', ' "act"'), heads, "line 3 of the log is not in canonical form"),
        (_line(log, 2, '{"act"', '{"act":"x","act"'), heads, "line 3 of the log is no JSON"),
        (_line(log, 2, '"role"', '"person"'), heads, "line 3 of the log has other fields"),
        (_line(log, 2, "}", ""), heads, "line 3 of the log is no JSON"),
        (cut, heads, "a head was published of row 12, rows were cut off"),
        (other, heads, "row 6 is not the row whose hash was published"),
        (log, _line(heads, 1, '"seq":12', '"seq":11'), "the head of row 11 is not signed"),
    ]
    for changed_log, changed_heads, words in wrong:
        (served / "a.jsonl").write_text(changed_log)
        (served / "b.jsonl").write_text(changed_heads)
        status, said = _verify(served, "a.jsonl", "--heads", "b.jsonl")
        assert status == 1, words
        assert words in said
    assert _verify(served, "log.jsonl", "--heads", "heads.jsonl", "--key", "0" * 64)[1].count("another key than yours")
    assert _verify(served, "nowhere.jsonl")[0] == 2
