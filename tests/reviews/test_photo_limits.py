"""What is taken as a photo and what is refused: by size, by kind, by what is in it."""

import io
from random import Random

import pytest
from flask import Flask
from PIL import Image

from tests.accounts.people import form_token
from tests.imaging import corpus
from tests.reviews.authors import TEXT, author, begin, clinic, upload
from tests.reviews.test_photos import photos, stored


@pytest.mark.parametrize("side", [900, 1900, 3000])
def test_a_photo_of_the_size_that_telephones_make_is_taken(app: Flask, side: int) -> None:
    """Of a tenth of a megabyte up to several: grain, which does not compress, in as many blocks as a real one."""
    clinic(app)
    ann, grain = author(app), io.BytesIO()
    Image.frombytes("L", (side, side), Random(side).randbytes(side * side)).save(grain, "JPEG", quality=60)
    sent = upload(ann, begin(ann), grain.getvalue(), light="daylight", hair_length="stubble")
    assert sent.status_code == 303, len(grain.getvalue())
    assert len(photos(app)) == 1


REFUSED = [
    # what is sent, the status, a part of the reason
    (b"", 422, "The file is empty"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "an SVG drawing"),
    (b"<html><script>alert(1)</script>", 415, "a web page"),
    (b"PK\x03\x04" + bytes(100), 415, "an archive"),
    (b"GIF89a" + bytes(100), 415, "a GIF"),
    (b"nothing known", 415, "of no kind known here"),
    (b"\xff\xd8\xff" + bytes(9 * 1024**2), 413, "more than 8 MB"),
    (corpus.png(8_000, 8_000), 422, "megapixels"),
    (corpus.written(corpus.photo())[:900], 422, "damaged or cut off"),
]


@pytest.mark.parametrize(("content", "status", "reason"), REFUSED, ids=lambda value: str(value)[:24])
def test_what_is_no_photo_is_refused_with_a_reason(app: Flask, content: bytes, status: int, reason: str) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    answer = upload(ann, address, content, text=TEXT)
    assert answer.status_code == status
    assert reason in answer.text
    assert TEXT in answer.text
    assert photos(app) == []
    assert stored(app) == []


def test_a_body_far_too_large_is_not_read(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    assert upload(ann, address, bytes(13 * 1024**2)).status_code == 413
    token = form_token(ann.get(f"{address}/result"))
    much = ann.post(f"{address}/result", data={"csrf_token": token, "text": "x" * 100_000})
    assert much.status_code == 413
    data = {"csrf_token": token, "text": "x" * 140_000, "photo": (io.BytesIO(corpus.written(corpus.photo())), "me.jpg")}
    assert ann.post(f"{address}/result", data=data).status_code == 413
