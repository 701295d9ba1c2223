"""A clinic's numbers: weeks seen, why it ranks where it does, what came of questions and codes; also as a file."""

import csv
from io import StringIO

from flask import Response, render_template
from flask_babel import gettext as _

from directory.access import clinic_staff
from directory.charts import Bar, columns, lines
from directory.manage.completeness import Share, shares
from directory.manage.figures import FEW, Step, Week, funnel, in_words, weeks
from directory.manage.issuing import STEP, Counted, counted
from directory.manage.ranks import ranks
from directory.manage.views import bp, clinic_named


@bp.get("/<slug>/numbers")
@clinic_staff()
def numbers(slug: str) -> str:
    """Everything that can be told without telling of anybody."""
    clinic = clinic_named(slug)
    seen, steps, facts = weeks(clinic), funnel(clinic), shares(clinic)
    return render_template(
        "manage/numbers.html",
        clinic=clinic,
        weeks=seen,
        in_words=in_words,
        views=_over_time("views", _("Times your page was opened, week by week"), seen),
        appearances=_over_time("appearances", _("Times search showed you, week by week"), seen),
        ranks=ranks(clinic),
        stated=_stated(facts),
        facts=facts,
        steps=steps,
        way=_steps(steps),
        invited=counted(clinic),
        step=STEP,
        few=FEW,
    )


def _over_time(what: str, title: str, seen: list[Week]) -> str:
    bars = [Bar(week.name, getattr(week, what), in_words(getattr(week, what))) for week in seen]
    told = [bar for bar in bars if bar.value is not None]
    least = _("Weeks with fewer than %(few)s are drawn as a low dashed bar.", few=FEW)
    most = max(told, key=lambda bar: bar.value or 0, default=None)
    peak = _("The most: %(words)s in the week of %(week)s.", words=most.words, week=most.name) if most else ""
    desc = _("One bar a week, the last is this week until now.")
    return columns(what, title, " ".join(filter(None, (desc, peak, least))), bars, unit=_("a week"))


def _steps(steps: list[Step]) -> str:
    bars = [Bar(step.words, step.number, in_words(step.number)) for step in steps]
    return lines("way", _("From a question to a plan"), _("How many came how far in the last year."), bars)


def _stated(facts: list[Share]) -> str:
    """Bars as long as the part of its facts that a section states."""
    bars = [
        Bar(share.words, round(100 * share.stated / max(len(share.points), 1)), _of(share.stated, len(share.points)))
        for share in facts
    ]
    return lines(
        "stated", _("What your page states"), _("Of each part of the profile, how much is stated."), bars, top=100
    )


def _of(part: int, whole: int) -> str:
    return str(_("%(part)s of %(whole)s", part=part, whole=whole))


@bp.get("/<slug>/numbers.csv")
@clinic_staff()
def numbers_file(slug: str) -> Response:
    """The same as a table that a spreadsheet opens; a number too small to be told is an empty cell."""
    clinic = clinic_named(slug)
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["what", "week_or_month", "number", "note"])
    for week in weeks(clinic):
        note = "" if week.is_over else "week not over"
        for what, number in (("page_opened", week.views), ("shown_in_search", week.appearances)):
            writer.writerow([what, week.monday.isoformat(), "" if number is None else number, note or _few(number)])
    for step in funnel(clinic):
        told = "" if step.number is None else step.number
        writer.writerow([f"consultation_{step.key}", "", told, _few(step.number) or "365 days"])
    writer.writerows(_invitations(counted(clinic)))
    for share in shares(clinic):
        writer.writerow([f"facts_stated_{share.section}", "", share.stated, f"of {len(share.points)}"])
    answer = Response(sheet.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="numbers-{clinic.slug}.csv"'
    return answer


def _few(number: int | None) -> str:
    return "" if number is not None else f"fewer than {FEW}"


def _invitations(invited: Counted) -> list[list[str | int]]:
    used: str | int = invited.used if invited.used else ""
    return [
        ["codes_made", "", invited.issued, ""],
        ["codes_used", invited.month, used, f"rounded down to {STEP}s" if invited.used else f"fewer than {STEP}"],
    ]
