"""The guide and the policy pages: text that is the same for everybody, and may be kept by a proxy."""

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template
from flask_babel import get_locale
from markupsafe import Markup

from directory.access import public
from directory.cases.clocks import CLOCKS
from directory.guide.kept import KEPT
from directory.guide.topics import BY_SLUG, POLICIES, TOPICS, Topic, reading_minutes
from directory.guide.worked import worked_example
from directory.moderation.rules import NONE_BROKEN, RULES
from directory.reviews import rating
from directory.reviews.panel import largest_means
from directory.search import ranking

bp = Blueprint("guide", __name__)

_minutes: dict[tuple[str, str], int] = {}


def _body(topic: Topic) -> Markup:
    return Markup(render_template(f"guide/topics/{topic.slug}.html"))  # noqa: S704 (our own template, autoescaped)


def minutes_of(topic: Topic) -> int:
    """Reading time of a topic in the reader's language; counted once per process."""
    key = (topic.slug, str(get_locale()))
    if key not in _minutes:
        _minutes[key] = reading_minutes(_body(topic))
    return _minutes[key]


@bp.get("/guide/")
@public(cache="page")
def index() -> str:
    """All topics with their reading time."""
    return render_template("guide/index.html", topics=[(topic, minutes_of(topic)) for topic in TOPICS])


@bp.get("/guide/<topic>")
@public(cache="page")
def topic(topic: str) -> str:
    """One topic, where it leads in the search, and the topic after it."""
    chosen = BY_SLUG.get(topic) or abort(404)
    place = TOPICS.index(chosen)
    return render_template(
        "guide/topic.html",
        topic=chosen,
        body=_body(chosen),
        minutes=minutes_of(chosen),
        find=[(words, to if isinstance(to, str) else "/search?" + urlencode(to)) for words, to in chosen.find],
        topics=TOPICS,
        following=TOPICS[place + 1] if place + 1 < len(TOPICS) else None,
    )


@bp.get("/policy/<page>")
@public(cache="page")
def policy(page: str) -> str:
    """How the site works and what it promises; numbers come from the code that uses them."""
    if page not in POLICIES:
        abort(404)
    return render_template(
        f"policy/{page}.html",
        page=page,
        policies=POLICIES,
        constants=ranking,
        rating=rating,
        worked=worked_example(),
        means=largest_means() if page == "ranking" else (),
        rules=[rule for key, rule in RULES.items() if key != NONE_BROKEN],
        clocks=CLOCKS,
        kept=KEPT,
    )


@bp.app_template_global()
def guide_topics() -> list[tuple[Topic, int]]:
    """The topics with their reading time, for the home page's list."""
    return [(one, minutes_of(one)) for one in TOPICS]
