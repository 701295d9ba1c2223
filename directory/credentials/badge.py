"""The live badge: a small picture for a clinic's own site that says what stands now, drawn anew for each request."""

from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import escape

from directory.credentials.lines import Line

WIDTH, HEIGHT = 320, 72
INK, SOFT, PAPER, LINE, ACCENT = "#1d2320", "#565d58", "#fbf8f1", "#d9d3c5", "#0f5a5c"
LONGEST = 44


class Badge(NamedTuple):
    """Two lines and the dots; with `level` None none is filled."""

    head: str
    under: str
    level: int | None


def badge(site: str, strongest: Line | None, level: int | None) -> Badge:
    """What stands now in words: nothing is said for a clinic that shows nothing, or whose licence has lapsed."""
    if strongest is None or not level:
        return Badge(str(_("No current credential")), str(_("Live from %(site)s", site=site)), None)
    under = " · ".join(filter(None, (strongest.issuer, strongest.how_date)))
    return Badge(strongest.how, under, level)


def badge_of_closed(site: str, *, is_moved: bool) -> Badge:
    """What stands on a site that still shows the badge of an address where the clinic works no more."""
    head = _("Moved to another address") if is_moved else _("Closed for good")
    return Badge(str(head), str(_("Live from %(site)s", site=site)), None)


def badge_svg(drawn: Badge) -> str:
    """The picture. It carries no script, no font and no address to fetch from."""
    circles = "".join(
        f'<circle cx="{24 + 15 * n}" cy="24" r="4.5" fill="{ACCENT if n < (drawn.level or 0) else "none"}"'
        f' stroke="{ACCENT}" stroke-width="1.3"/>'
        for n in range(4)
    )
    head, under = (escape(_cut(text)) for text in (drawn.head, drawn.under))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-label="{head}, {under}"><title>{head}, {under}</title>'
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="3" fill="{PAPER}" stroke="{LINE}"/>'
        f"{circles}"
        f'<text x="90" y="29" font-family="Georgia, serif" font-size="16" fill="{INK}">{head}</text>'
        f'<text x="20" y="54" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="{SOFT}">{under}</text>'
        "</svg>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
