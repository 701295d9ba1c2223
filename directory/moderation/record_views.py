"""The public record: its rows in words, its rows as they were hashed, the heads published of it."""

import json

from flask import Blueprint, Response, abort, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import heads, ledger
from directory.access import public
from directory.conditional import unchanged
from directory.credentials.counts import by_level
from directory.db import now
from directory.limits import limiter
from directory.moderation import quarters, record, transparency, veil, wording
from directory.moderation.quarters import Quarter
from directory.moderation.record import Asked

bp = Blueprint("transparency", __name__)
LINES = "application/jsonl"
LARGEST = 2**62  # of a number that a database column takes


@bp.context_processor
def _words() -> dict[str, object]:
    return {"wording": wording, "when": ledger.date_of, "fewest": veil.FEWEST}


def _rate() -> str:
    rate: str = current_app.config["RATE_API"]
    return rate


@bp.get("/transparency")
@public(cache="page")
def show() -> ResponseReturnValue:
    """What the desk did in the present quarter, in numbers."""
    return _figures(quarters.quarters_since(transparency.first_opened()), "")


@bp.get("/transparency/<quarter>")
@public(cache="page")
def quarter(quarter: str) -> ResponseReturnValue:
    """The same of one quarter since the first case."""
    return _figures(quarters.quarters_since(transparency.first_opened()), quarter)


def _figures(known: list[Quarter], key: str) -> ResponseReturnValue:
    chosen = next((one for one in known if one.key == key), None) if key else known[0]
    if chosen is None:
        abort(404)
    return render_template(
        "transparency/show.html",
        chosen=chosen,
        quarters=known,
        report=transparency.read_figures(chosen),
        held=by_level(now()),
        head=ledger.head(),
    )


def _number(name: str) -> int | None:
    """The parameter as a number; 0 when it is not given, None when it is none."""
    text = request.args.get(name, "0")
    fits = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if fits else None


def _asked() -> tuple[Asked, list[str]]:
    """What the address asks for, and what of it could not be read, in words."""
    wrong, given = [], {}
    for name in ("act", "subject"):
        text = request.args.get(name, "").strip()
        if len(text) > record.LONGEST or not (text.isascii() and text.isprintable()):
            wrong.append(_("No row has this %(what)s. Nothing is left out for it.", what=name))
            text = ""
        given[name] = text
    before = _number("before")
    if before is None:
        wrong.append(_("“before” must be the number of a row. The newest are shown."))
    return Asked(given["act"], given["subject"], before or 0), wrong


@bp.get("/transparency/log")
@public(cache="checked")
def log() -> ResponseReturnValue:
    """The rows, newest first."""
    head, newest = ledger.head(), heads.newest()
    if (answer := unchanged(head, newest and newest.seq)) is not None:
        return answer
    asked, wrong = _asked()
    return render_template(
        "transparency/log.html",
        page=record.read_page(asked),
        asked=asked,
        wrong=wrong,
        acts=record.acts(),
        head=head,
        newest=newest,
        key=heads.public_key(),
    )


@bp.get("/transparency/log/<int:seq>")
@public(cache="checked")
def row(seq: int) -> ResponseReturnValue:
    """One row, for good: its address never changes, and neither does what stands there."""
    found = record.row(seq) if 0 < seq < LARGEST else None
    if found is None:
        abort(404)
    head = heads.covering(seq)
    following = record.is_there(seq + 1)
    if (answer := unchanged(found.hash, head and head.seq, following)) is not None:
        return answer
    facts = json.loads(found.facts)
    return render_template(
        "transparency/row.html",
        row=found,
        facts=facts,
        head=head,
        following=following,
        line=ledger.canonical(found.public()),
    )


@bp.get("/transparency/log.jsonl")
@limiter.limit(_rate)
@public(cache="checked")
def log_file() -> ResponseReturnValue:
    """The rows as they were hashed, one a line; `?after=` goes on where an earlier download ended."""
    after = _number("after")
    if after is None:
        abort(400, _("“after” must be the number of the last row you have."))
    seq, digest = ledger.head()
    if (answer := unchanged(seq, digest)) is not None:
        return answer
    return _file(Response(stream_with_context(record.lines(after, seq)), mimetype=LINES), "log.jsonl")


@bp.get("/transparency/heads.jsonl")
@limiter.limit(_rate)
@public(cache="checked")
def heads_file() -> ResponseReturnValue:
    """The heads published, each signed; `?after=` as above."""
    after = _number("after")
    if after is None:
        abort(400, _("“after” must be the number of the last row you have a head of."))
    newest = heads.newest()
    if (answer := unchanged(newest and newest.seq)) is not None:
        return answer
    return _file(Response(stream_with_context(record.head_lines(after)), mimetype=LINES), "heads.jsonl")


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
