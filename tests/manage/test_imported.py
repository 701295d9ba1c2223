"""A later import of the same file never overwrites what the clinic's people wrote."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from tests.manage.staff import staff
from tests.manage.typing import retyped, save
from tests.reading import text_of

HEAD = "source_id,name,city,postal_code,country,phone,description,opening_hours,languages\n"
FIRST = '1,Scalp One,Leeds,LS1 4AP,GB,0113 496 0417,From the file,Mo-Fr 09:00-17:00,"en;fr"\n'
LATER = '1,Scalp One,Leeds,LS1 4AP,GB,0113 496 0999,Newer in the file,Mo-Sa 08:00-12:00,"en;de"\n'


def test_what_was_written_here_stays(app: Flask, run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "clinics.csv"
    file.write_text(HEAD + FIRST)
    assert run("clinics", "import", str(file), "--source", "list").exit_code == 0
    slug = "scalp-one-leeds"
    owner = staff(app, run, "owner@example.org", slug, "editor")
    base = f"/manage/{slug}/profile/"
    assert save(owner, base + "identity", {"description": "Our own words"}).status_code == 303
    assert save(owner, base + "hours", {"days-0-opens": "", "days-0-closes": ""}).status_code == 303
    assert save(owner, base + "languages", {"spoken": ["en", "it"]}).status_code == 303
    file.write_text(HEAD + LATER)
    done = run("clinics", "import", str(file), "--source", "list")
    assert done.exit_code == 0, done.output
    told = app.test_client().get(f"/api/v1/clinics/{slug}").json
    assert told["description"] == "Our own words"
    assert told["opening_hours"] == "Tu-Fr 09:00-17:00"
    assert told["languages"] == ["en", "it"]
    assert told["phone"] == "+441134960999"  # nobody here said otherwise
    # A form drawn before the import would have put the old number back: it is told instead.
    page = owner.get(base + "identity")
    file.write_text(HEAD + LATER.replace("0999", "0555"))
    assert run("clinics", "import", str(file), "--source", "list").exit_code == 0
    late = owner.post(base + "identity", data=retyped(page, {"website": "one.example.org"}))
    assert late.status_code == 409
    assert "496 0555" in text_of(late)
