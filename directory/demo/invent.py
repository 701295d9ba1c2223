"""The small set: some hundred and eighty invented clinics in real towns, the same for the same seed.

Names, people, prices and numbers are invented; phone numbers come from ranges kept for fiction, websites end in
`.example`, streets have no house number.
"""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from slugify import slugify

from directory.clinics.hours import valid_hours
from directory.demo.listing import DRAWN_ON, Listing, Person, Post, Price
from directory.demo.wordbook import country_words, currency_of, draw_name, draw_phone, listings, minor_units, table
from directory.places.zones import zone_at
from directory.vocabulary import GOALS

# What each goal costs beside a full shaved look, and how many sessions it takes.
SHARE = {
    "shaved-look": (1.0, 3, 4),
    "hairline": (0.6, 2, 3),
    "crown": (0.65, 2, 3),
    "density": (0.85, 3, 3),
    "women-part-line": (0.75, 3, 3),
    "scar-fut": (0.28, 1, 2),
    "scar-fue": (0.35, 2, 3),
    "scar-other": (0.32, 2, 4),
    "alopecia-areata": (0.5, 2, 3),
    "alopecia-total": (1.25, 4, 6),
    "post-transplant": (0.55, 2, 3),
    "correction": (0.5, 2, 4),
    "removal": (0.22, 1, 3),
}
_OWN_LANGUAGE = {"ca", "cy", "he", "ar", "ja", "zh-Hant"}


def example_clinics(seed: int) -> list[Listing]:
    """All clinics of the small set, in the order of their list."""
    drawn = [_draw(row, Random(f"{seed} {row['name']}")) for row in listings()]
    _share_people(drawn)
    return drawn


def _draw(row: dict[str, str], rng: Random) -> Listing:
    style: dict[str, Any] = table("styles")[row["style"]]
    told: dict[str, Any] = table("told").get(row["name"], {})
    country, city = row["country"], row["city"]
    lat, lon = float(row["lat"]), float(row["lon"])
    listing = Listing(
        name=row["name"],
        name_lang=row["name_lang"],
        country=country,
        city=city,
        region=row["region"],
        postal_code=row["postal_code"],
        street=row["street"],
        lat=lat,
        lon=lon,
        timezone=zone_at(lat, lon),
        currency=currency_of(country),
        is_home=row["style"] == "home",
    )
    listing.created_at = DRAWN_ON - timedelta(days=rng.randrange(3, 900), minutes=rng.randrange(540))
    if told or (row["style"] != "bare" and rng.random() < 0.6):
        listing.claimed_at = listing.created_at + timedelta(days=rng.randrange(1, 60))
    if row["style"] != "bare":
        listing.phone = draw_phone(rng, country, city)
        listing.website_host = _host(row["name"], rng)
    listing.goals = _goals(style, rng)
    listing.team = _team(style, listing, rng)
    listing.opening_hours = _hours(style, country, rng)
    listing.description, listing.description_lang = _about(row, rng)
    if row["style"] != "bare":
        drawn = {key: rng.choice(texts) for key, texts in table("facts").items() if key not in {"included", "answers"}}
        answers = _answers(Random(f"answers {row['name']}"))
        listing.facts = {key: told for key, told in {**drawn, **answers}.items() if told not in ("", [])}
        if rng.random() < 0.85:
            listing.prices = _prices(listing, style["price"], rng)
    spoken = [tag for post in listing.team for tag in post.person.languages]
    named = [row["name_lang"].split("-")[0]] if row["name_lang"] else []
    listing.languages = list(dict.fromkeys([*country_words(country)["languages"], *named, *spoken]))[:5]
    if row["style"] == "bare":
        listing.languages = []
    return _as_told(listing, told) if told else listing


def _answers(rng: Random) -> dict[str, Any]:
    """What a third of the clinics answered in the profile's own terms; of the rest, nothing."""
    if rng.random() < 0.65:
        return {}
    return {key: rng.choice(choices) for key, choices in table("facts")["answers"].items()}


def _host(name: str, rng: Random) -> str:
    words = [word for word in slugify(name, max_length=40, word_boundary=True).split("-") if word not in {"and", "the"}]
    return "" if rng.random() < 0.1 else "-".join(words[:3]) + ".example"


def _goals(style: dict[str, Any], rng: Random) -> list[str]:
    held = {*style["goals"], *rng.sample(style["also"], rng.randint(0, min(style["extra"], len(style["also"]))))}
    return [goal for goal in GOALS if goal in held]


def _hours(style: dict[str, Any], country: str, rng: Random) -> str:
    choices = country_words(country).get("hours", style["hours"]) if any(style["hours"]) else [""]
    return valid_hours(rng.choice(choices)) or ""


def _team(style: dict[str, Any], listing: Listing, rng: Random) -> list[Post]:
    drawn = (_post(style, listing, number, rng) for number in range(rng.randint(*style["team"])))
    return list({post.person.name: post for post in drawn}.values())


def _post(style: dict[str, Any], listing: Listing, number: int, rng: Random) -> Post:
    name, gender, others = draw_name(rng, listing.country)
    if style.get("women_first") and number == 0:
        while gender != "female":
            name, gender, others = draw_name(rng, listing.country)
    if rng.random() < 0.08:
        gender = "unstated"
    known = country_words(listing.country)["languages"][:1]
    goals = [goal for goal in listing.goals if rng.random() < 0.6]
    person = Person(name=name, gender=gender, languages=list(dict.fromkeys([*known, *others])), goals=goals)
    role = style["roles"][min(number, len(style["roles"]) - 1)]
    since = date(2026, 10, 1) - timedelta(days=rng.randrange(40, 400 if "training" in role else 3200))
    left = since + timedelta(days=rng.randrange(30, 900)) if number > 0 and rng.random() < 0.1 else None
    if left is not None and left >= DRAWN_ON.date():
        left = None
    return Post(person, role, since if rng.random() < 0.9 else None, left)


def _prices(listing: Listing, scale: float, rng: Random) -> list[Price]:
    words = country_words(listing.country)
    low, high = words["full_price"]
    full = rng.uniform(low, high) * scale
    unit, step = minor_units(listing.currency), words["step"]
    lines = []
    for goal in listing.goals:
        share, fewest, most = SHARE[goal]
        least = max(step, round(full * share * rng.uniform(0.92, 1.05) / step) * step)
        top = least if rng.random() < 0.35 else round(least * rng.uniform(1.08, 1.35) / step) * step
        sessions = (fewest, fewest if rng.random() < 0.4 else most) if rng.random() < 0.9 else None
        if rng.random() < 0.93:
            included = rng.choice(table("facts")["included"])
            lines.append(Price(goal, least * unit, max(top, least) * unit, sessions, included=included))
    return lines


def _about(row: dict[str, str], rng: Random) -> tuple[str, str]:
    """A description and its language: that of the name where there are words in it, else English; some have none."""
    texts = table("about")
    lang = row["name_lang"].split("-")[0] if row["name_lang"] not in texts else row["name_lang"]
    home = row["country"] not in {"GB", "US", "CA", "AU", "IE"} or lang in _OWN_LANGUAGE
    lang = lang if home and lang in texts else "en"
    if row["style"] == "bare" or rng.random() < 0.08:
        return "", ""
    choices = texts[lang].get(row["style"]) or texts[lang]["any"]
    return rng.choice(choices).format(city=row["city"]), lang


def _as_told(listing: Listing, told: dict[str, Any]) -> Listing:
    unit = minor_units(listing.currency)
    listing.opening_hours = valid_hours(told["hours"]) or ""
    listing.goals, listing.languages = told["goals"], told["languages"]
    listing.facts, listing.description, listing.description_lang = told["facts"], told["about"], "en"
    listing.prices = [
        Price(
            goal=line.get("goal", ""),
            low=line["low"] * unit,
            high=line["high"] * unit if "high" in line else None,
            sessions=tuple(line["sessions"]),
            title=line.get("title", ""),
            included=line.get("included", ""),
        )
        for line in told["prices"]
    ]
    listing.team = [
        Post(
            Person(
                name=one["name"],
                gender=one["gender"],
                languages=one["languages"],
                goals=one["goals"],
                name_lang=one.get("lang", ""),
                about=one.get("about", ""),
            ),
            role=one["role"],
            since=one["since"],
            until=one.get("until"),
        )
        for one in told["team"]
    ]
    return listing


def _share_people(drawn: list[Listing]) -> None:
    """Here and there somebody also works, later on, at the next clinic of the same town."""
    for number, (here, there) in enumerate(pairwise(drawn)):
        if number % 4 == 1 and here.city == there.city and here.team and there.team and not there.is_home:
            post = here.team[-1]
            later = (post.since or DRAWN_ON.date()) + timedelta(days=400)
            if post.until is None and later < DRAWN_ON.date():
                there.team.append(Post(post.person, "Guest practitioner, two days a month", later))
