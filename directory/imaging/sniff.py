"""What a file is by its first bytes: never by its name, nor by what the browser says of it."""

import re

HEAD_BYTES = 1024

JPEG, PNG, WEBP, PDF = "jpeg", "png", "webp", "pdf"
PICTURES = (JPEG, PNG, WEBP)

# The first that fits wins. All but the first four are known only to be refused by their name (see `sentences`).
SIGNATURES: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"RIFF.{4}WEBPVP8[ LX]", re.DOTALL), WEBP),
    (re.compile(rb"%PDF-"), PDF),
    (re.compile(rb".{4}ftyp(?:heic|heix|heim|heis|hevc|mif1|msf1)", re.DOTALL), "heic"),
    (re.compile(rb".{4}ftyp(?:avif|avis)", re.DOTALL), "avif"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "video"),
    (re.compile(rb"\x1aE\xdf\xa3|RIFF.{4}AVI ", re.DOTALL), "video"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), "tiff"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "bmp"),
    (re.compile(rb"\0\0[\1\2]\0"), "ico"),
    (re.compile(rb"8BPS"), "psd"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), "jpeg2000"),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), "jxl"),
    (re.compile(rb"P[1-7]\s|%!PS|\xc5\xd0\xd3\xc6"), "drawing"),
    (re.compile(rb"PK\x03\x04|Rar!|7z\xbc\xaf|\x1f\x8b"), "archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "office"),
    (re.compile(rb"MZ|\x7fELF|#!"), "program"),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE),
        "html",
    ),
    (re.compile(rb"[^\0]{0,900}<svg[\s>]", re.IGNORECASE), "svg"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?php"), "program"),
]


def kind_of(content: bytes) -> str | None:
    """The key of the kind that the first bytes tell, None when they tell nothing known."""
    head = content[:HEAD_BYTES]
    return next((kind for pattern, kind in SIGNATURES if pattern.match(head)), None)
