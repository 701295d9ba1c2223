"""Why a file is not taken, said to the person who sent it."""

from collections.abc import Mapping

from flask_babel import gettext as _


def kind_name(kind: str) -> str:
    """What people call a kind of file that `sniff` knows."""
    names: dict[str, str] = {
        "jpeg": _("a JPEG"),
        "png": _("a PNG"),
        "webp": _("a WebP"),
        "pdf": _("a PDF"),
        "heic": _("a HEIC photo"),
        "avif": _("an AVIF picture"),
        "video": _("a video"),
        "gif": _("a GIF"),
        "tiff": _("a TIFF or a camera's raw file"),
        "bmp": _("a BMP picture"),
        "ico": _("an icon"),
        "psd": _("a Photoshop file"),
        "jpeg2000": _("a JPEG 2000 picture"),
        "jxl": _("a JPEG XL picture"),
        "drawing": _("a drawing or a print file"),
        "archive": _("an archive or an office document"),
        "office": _("an office document"),
        "program": _("a program"),
        "html": _("a web page"),
        "svg": _("an SVG drawing"),
    }
    return names[kind]


def reason(key: str, numbers: Mapping[str, object] | None = None) -> str:
    """The sentence for what the child refused; an unknown key, or a number that is none, reads as damage.

    Keys: pixels (megapixels), moving, heavy, damaged, locked, pages (pages), empty.
    """
    count = next(iter((numbers or {}).values()), 0)
    sentences: dict[str, str] = {
        "pixels": _("This picture has %(count)s megapixels; at most 24 are read. Send it smaller.", count=count),
        "moving": _("This picture moves. Send a still photo."),
        "heavy": _("This file takes too much work to open. Save it again with your photo program and send that."),
        "locked": _("This PDF is locked with a password. Send it without one, or send a photo of it."),
        "pages": _("This PDF has %(count)s pages; at most 20 are read. Send only the pages that matter.", count=count),
        "empty": _("This PDF has no pages."),
    }
    damaged: str = _("This file is damaged or cut off. Try to send it again, or save it anew first.")
    return sentences.get(key, damaged) if isinstance(count, int) else damaged
