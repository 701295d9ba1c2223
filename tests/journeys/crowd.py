"""Listings that are hard to show: long names, other scripts, markup in names, nothing stated, thousands in a town."""

from datetime import UTC, datetime

from sqlalchemy import insert

from directory.clinics.changes import next_version
from directory.clinics.models import Clinic, ClinicSource
from directory.db import db, writing
from directory.ledger import record
from directory.words import new_public_id
from tests.factories import clinic, practitioner, price

CROWD = 4_000
INVERNESS = (57.4778, -4.2247)
LONGEST = "The Royal Borough Institute of Scalp Micropigmentation and Scar Camouflage, Hull"
MARKUP = "\"><script>alert(1)</script> O'Neil & <b>Sons</b>"


def settle() -> None:
    """Add them; needs an application context."""
    with writing():
        _odd_ones()
        _crowd()
        record("review.remove.proposed", role="lead-2", subject=f"review:{new_public_id()}", rule="r4")
        db.session.commit()


def _odd_ones() -> None:
    hull = {"city": "Hull", "lat": 53.7446, "lon": -0.3352, "postal_code": "HU1 1AA"}
    long = clinic(LONGEST, slug="longest-name-hull", goals=[], facts={"deposit": "x" * 200}, **hull)
    long.put_prices([price("hairline", 12_345_678, 98_765_432, title="Hairline " * 12, included="y " * 90)])
    for n in range(9):
        practitioner(f"Maximiliane Featherstonehaugh-Cholmondeley the {n}th", slug=f"long-{n}", at=long, role="z" * 100)
    clinic(
        "استوديو نور لفروة الرأس",
        slug="arabic-hull",
        name_lang="ar",
        description="نعمل على شخص واحد.",
        description_lang="ar",
        **hull,
    )
    clinic("微名斋头皮纹饰工作室", slug="chinese-hull", name_lang="zh-Hans", **hull)
    bare = clinic("Bare", slug="bare-hull", **hull)
    bare.sources = [ClinicSource(source="Open list", source_id="1", imported_at=datetime(2026, 1, 2, tzinfo=UTC))]
    clinic(MARKUP, slug="markup-hull", description=MARKUP, address=MARKUP[:60], facts={"deposit": MARKUP}, **hull)
    home = clinic("Home", slug="home-hull", is_home=True, address="1 Secret Street", opening_hours="24/7", **hull)
    home.move_point(53.75, -0.34, precision="given")
    clinic("Was Here", slug="closed-hull", status="closed", **hull)
    db.session.flush()


def _crowd() -> None:
    version = next_version()
    moment = datetime.now(UTC)
    rows = [
        {
            "public_id": new_public_id(),
            "slug": f"crowd-{n}",
            "name": f"Crowd {n}",
            "name_key": f"crowd {n}",
            "city": "Inverness",
            "city_key": "inverness",
            "country": "GB",
            "timezone": "Europe/London",
            "lat": INVERNESS[0] + (n % 63 - 31) / 900,
            "lon": INVERNESS[1] + (n // 63 - 31) / 500,
            "goals": ["hairline"] if n % 2 else ["crown"],
            "languages": ["en"],
            "facts": {},
            "created_at": moment,
            "changed_at_version": version,
            "status": "published",
            "is_example": False,
        }
        for n in range(CROWD)
    ]
    db.session.execute(insert(Clinic), rows)
