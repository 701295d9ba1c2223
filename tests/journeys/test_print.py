"""Four clinics on one sheet of paper, to take along."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2

from tests.journeys.conftest import Visitor
from tests.journeys.pages import LEEDS

Visit = Callable[..., Visitor]


def test_a_comparison_fits_one_sheet(visit: Visit, tmp_path: Path) -> None:
    slugs = (*LEEDS, "half-inch-barbers-scalp-pigment-leeds")
    page = visit().open("/compare?" + "&".join(f"c={slug}" for slug in slugs))
    sheet = tmp_path / "compare.pdf"
    page.pdf(path=sheet, format="A4", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(sheet)
    words = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert "Half Inch Barbers" in words
    assert "Parking" in words
    assert "Print on one page" not in words
