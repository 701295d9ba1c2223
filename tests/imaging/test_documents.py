"""A proof of visit becomes pictures of its pages: whoever looks at them opens no document."""

import io

import numpy as np
import pytest
from PIL import Image

from directory.imaging.redraw import Studio, Unreadable
from tests.imaging import corpus

ACTIONS = """100 0 obj<</S/JavaScript/JS(app.alert\\(1\\) CANARY-51.5007N-0.1246W-iPhone-of-Ada)>>endobj
101 0 obj<</S/Launch/F(calc.exe)>>endobj
102 0 obj<</Type/Filespec/F(canary.txt)/EF<</F 103 0 R>>>>endobj
103 0 obj<</Type/EmbeddedFile/Length 37>>stream
CANARY-51.5007N-0.1246W-iPhone-of-Ada
endstream endobj
104 0 obj<</S/URI/URI(http://127.0.0.1:9/CANARY-51.5007N-0.1246W-iPhone-of-Ada)>>endobj"""
LOCKED = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/O<{'11' * 32}>/U<{'22' * 32}>/P -4>>"
REFUSED = {
    "too many pages": (corpus.pdf(["x"] * 21), "21 pages"),
    "locked": (corpus.pdf(["x"], trailer=LOCKED), "locked with a password"),
    "cut off": (corpus.pdf(["x"])[:120], "damaged"),
    "only says it is one": (b"%PDF-1.7\n" + corpus.SCRIPT, "damaged"),
    "claims a page count": (corpus.pdf(["x"]).replace(b"/Count 1", b"/Count 99999"), "99999 pages"),
    "a program": (b"MZ" + bytes(100), "program"),
    "too many bytes": (corpus.pdf(["x"]) + bytes(11_000_000), "more than 10 MB"),
    "a picture too large": (corpus.png(9_000, 9_900), "89 megapixels"),
}


def seen(page: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(page))
    picture.load()
    assert picture.format == "PNG"
    assert not picture.info
    assert picture.mode in {"RGB", "P"}
    assert max(picture.size) <= 1800
    return picture


def test_each_page_becomes_a_picture_in_order(studio: Studio) -> None:
    pages = studio.document(corpus.pdf(["MMMMMMMMMM", "i"]))
    inked = [(255 - np.asarray(seen(page).convert("L")).astype(int)).sum() for page in pages]
    assert len(pages) == 2
    assert inked[0] > 4 * inked[1] > 0


def test_what_a_document_would_do_is_not_in_its_picture(studio: Studio) -> None:
    """Scripts, programs to start, files inside, addresses to call: gone."""
    catalogue = "/OpenAction 100 0 R/AA<</WC 101 0 R/O 104 0 R>>/Names<</EmbeddedFiles<</Names[(a) 102 0 R]>>>>"
    content = corpus.pdf(["Invoice"], more=ACTIONS, catalogue=catalogue)
    assert corpus.CANARY in content
    for page in studio.document(content):
        seen(page)
        assert corpus.CANARY not in page
        assert not any(mark in page for mark in (b"%PDF", b"JavaScript", b"/Launch", b"endobj", b"stream"))


def test_a_photo_of_a_page_is_drawn_anew(studio: Studio) -> None:
    (page,) = studio.document(corpus.with_everything("JPEG", orientation=6))
    assert seen(page).size == (480, 640)
    assert corpus.CANARY not in page


def test_twenty_pages_of_photographs_stay_within_bounds(studio: Studio) -> None:
    scan = corpus.written(corpus.photo().resize((1240, 1754)))
    shown = f"/Resources<</XObject<</I 100 0 R>>>>/Contents {101} 0 R"
    image = (
        f"100 0 obj<</Type/XObject/Subtype/Image/Width 1240/Height 1754/BitsPerComponent 8/ColorSpace/DeviceRGB"
        f"/Filter/DCTDecode/Length {len(scan)}>>stream\n{scan.decode('latin-1')}\nendstream endobj\n"
        "101 0 obj<</Length 30>>stream\nq 595 0 0 842 0 0 cm /I Do Q  \nendstream endobj"
    )
    content = corpus.pdf(["x"] * 20, more=image)
    for i in range(20):
        own = f"/Resources<</Font<</F 3 0 R>>>>/Contents {11 + 2 * i} 0 R".encode()
        content = content.replace(own, shown.encode())
    pages = studio.document(content)
    assert len(pages) == 20
    assert all(len(page) < 2.2 * 1024**2 for page in pages)
    assert np.asarray(seen(pages[19]).convert("L")).std() > 20  # the photograph is on it


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_proper_document_is_refused(studio: Studio, name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(Unreadable, match=words):
        studio.document(content)


def test_a_page_of_any_shape_is_drawn(studio: Studio) -> None:
    for box in ("0 0 1 100000000", "0 0 0 0", "-5 -5 14400 14400"):
        for page in studio.document(corpus.pdf(["x"], box=box)):
            seen(page)
