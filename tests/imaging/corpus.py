"""Pictures and documents as strangers send them: honest, broken, hostile. All made here, nothing is stored."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

# Stands wherever a file can hide words; no byte of it may come out.
CANARY = b"CANARY-51.5007N-0.1246W-iPhone-of-Ada"
SCRIPT = b"<html><script>alert(document.domain)</script><?php system($_GET[0]); ?>" + CANARY


@functools.cache
def photo(width: int = 640, height: int = 480, seed: int = 1) -> Image.Image:
    """A seeded picture with structure at every scale, as photographs have. Shared: do not draw on it."""
    draw = np.random.default_rng(seed)
    wave = np.fft.fftfreq(height)[:, None] ** 2 + np.fft.fftfreq(width)[None] ** 2
    wave[0, 0] = 1
    channels = []
    shared = draw.normal(size=(height, width)) + 1j * draw.normal(size=(height, width))
    for _channel in range(3):
        own = draw.normal(size=(height, width)) + 1j * draw.normal(size=(height, width))
        values = np.fft.ifft2((0.8 * shared + 0.2 * own) / np.sqrt(wave)).real
        channels.append(np.clip(128 + 50 * (values - values.mean()) / values.std(), 0, 255))
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8))


def written(picture: Image.Image, form: str = "JPEG", **how: object) -> bytes:
    sheet = io.BytesIO()
    picture.save(sheet, form, **how)  # type: ignore[arg-type]
    return sheet.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a device, a time and a place, and the canary in each of its texts."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    for tag in (0x010E, 0x010F, 0x0110, 0x013B, 0x8298):  # description, make, model, artist, copyright
        tags[tag] = CANARY.decode()
    tags[0x0132] = "2026:05:03 10:00:00"
    place = tags.get_ifd(0x8825)
    place.update({1: "N", 2: (51.0, 30.0, 2.6), 3: "W", 4: (0.0, 7.0, 28.6), 29: "2026:05:03"})
    details = tags.get_ifd(0x8769)
    details.update({0x9286: b"ASCII\0\0\0" + CANARY, 0xA430: CANARY.decode(), 0xA431: CANARY.decode()})
    return tags


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>" + CANARY + b"</rdf:RDF></x:xmpmeta>"


def profile() -> bytes:
    """A real colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *, depth: int = 8, colour: int = 0, extra: Iterable[bytes] = ()) -> bytes:
    """A black PNG of any size, compressed as it is written: the bomb is never in memory here."""
    row = bytes(1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8)
    press = zlib.compressobj(1)
    block = row * max(1, 1_000_000 // len(row))
    rows_a_block = len(block) // len(row)
    body = b"".join(press.compress(block) for _ in range(height // rows_a_block))
    body += press.compress(row * (height % rows_a_block)) + press.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    middle = b"".join(extra)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + middle + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_that_claims(width: int, height: int) -> bytes:
    content = bytearray(written(photo(64, 64)))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_that_claims(width: int, height: int) -> bytes:
    content = written(photo(64, 64), "WEBP")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return _riff(b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + content[12:])


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def many_scans(count: int) -> bytes:
    """A small file of a big picture whose last refinement is repeated: each costs a pass over all of it."""
    content = written(Image.new("RGB", (5_900, 4_000), (120, 90, 80)), progressive=True)
    starts = [at for at in range(len(content) - 1) if content[at : at + 2] == b"\xff\xda"]
    # Tables before the last scan belong to it; the scan alone is what can be repeated.
    last = content[starts[-1] : content.rindex(b"\xff\xd9")]
    return content[: starts[-1]] + last * count + b"\xff\xd9"


def animation(form: str, frames: int, side: int = 64) -> bytes:
    pictures = [Image.new("RGB", (side, side), (i * 40 % 256, 40, 90)) for i in range(frames)]
    return written(pictures[0], form, save_all=True, append_images=pictures[1:], duration=20)


def zipped() -> bytes:
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", CANARY)
    return sheet.getvalue()


def comments() -> PngImagePlugin.PngInfo:
    """The three kinds of text that a PNG may carry."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SCRIPT.decode())
    texts.add_text("Author", CANARY.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return texts


def two_in_one() -> bytes:
    """As many phones write: a JPEG with a second picture behind the first (MPO)."""
    second = photo(320, 240, seed=2)
    second.encoderinfo = {"exif": exif()}  # type: ignore[attr-defined]
    return written(photo(), "MPO", save_all=True, append_images=[second], exif=exif())


def with_everything(form: str, orientation: int = 1) -> bytes:
    """An honest photo full of what must not come out."""
    picture = photo()
    if form == "PNG":
        content = written(picture, "PNG", pnginfo=comments(), exif=exif(orientation), icc_profile=profile())
    elif form == "WEBP":
        content = written(picture, "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=profile())
    else:
        content = written(picture, comment=SCRIPT, exif=exif(orientation), xmp=XMP, icc_profile=profile())
    assert CANARY in content
    return content + zipped() + SCRIPT


def kinds_not_taken() -> dict[str, tuple[bytes, str]]:
    """Files of other kinds, with a word of what the person is told they are."""
    small = photo(32, 32)
    svg = b'<?xml version="1.0"?><!-- a comment --><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return {
        "svg": (svg, "SVG"),
        "svg with a mark": (b"\xef\xbb\xbf  <svg onload=alert(1)>", "SVG"),
        "html": (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
        "php": (b"<?php system('id'); ?>", "program"),
        "gif": (written(small, "GIF"), "GIF"),
        "moving gif": (animation("GIF", 5), "GIF"),
        "gif and script": (b"GIF89a/*" + SCRIPT, "GIF"),
        "ico": (written(small, "ICO"), "icon"),
        "tiff": (written(small, "TIFF", compression="tiff_deflate"), "TIFF"),
        "big tiff": (b"II+\0" + bytes(60), "TIFF"),
        "bmp": (written(small, "BMP"), "BMP"),
        "jpeg 2000": (written(small, "JPEG2000"), "JPEG 2000"),
        "avif": (written(small, "AVIF"), "AVIF"),
        "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "HEIC"),
        "video": (b"\0\0\0\x18ftypisom" + bytes(40), "video"),
        "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "print file"),
        "psd": (b"8BPS\0\1" + bytes(40), "Photoshop"),
        "zip": (zipped(), "archive"),
        "elf": (b"\x7fELF\2\1\1" + bytes(40), "program"),
        "exe": (b"MZ\x90\0" + bytes(40), "program"),
        "pdf": (pdf(["x"]), "PDF"),
        "text": (b"just words, nothing else", "no kind known"),
        "zeros": (bytes(5_000), "no kind known"),
        "ppm": (written(small, "PPM"), "drawing or a print file"),
        "empty": (b"", "empty"),
    }


def damaged() -> dict[str, bytes]:
    """Files that begin like one of the three kinds and are not, or not to their end."""
    found = {
        "jpeg mark, web page behind": b"\xff\xd8\xff\xe0" + SCRIPT * 20,
        "png mark only": b"\x89PNG\r\n\x1a\n" + SCRIPT * 20,
        "webp mark only": _riff(b"VP8X" + bytes(14) + SCRIPT * 20),
        "webp head without a body": _riff(b"VP8X"),
        "png without pixels": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)),
        "png of no size": png(0, 0),
        "text bomb": png(100, 100, extra=[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 1))]),
        "many texts": png(100, 100, extra=[chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(990_000), 1))] * 90),
        "profile bomb": png(100, 100, extra=[chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000), 1))]),
    }
    whole = {
        "jpeg": written(photo()),
        "progressive jpeg": written(photo(), progressive=True),
        "png": written(photo(), "PNG"),
        "webp": written(photo(), "WEBP"),
        "lossless webp": written(photo(), "WEBP", lossless=True),
    }
    for name, content in whole.items():
        for share in (0.02, 0.5, 0.95):
            found[f"{name} cut at {share:.0%}"] = content[: int(len(content) * share)]
    return found


def bombs() -> dict[str, tuple[bytes, str]]:
    """Small files that would be large in memory, with a word of the sentence that refuses them."""
    return {
        "89 megapixels": (png(9_000, 9_900), "89 megapixels"),
        "144 megapixels": (png(12_000, 12_000, depth=1), "144 megapixels"),
        "just too many": (png(5_000, 5_000), "25 megapixels"),
        "one row too long": (png(60_000_000, 1), "60 megapixels"),
        "jpeg that claims much": (jpeg_that_claims(65_500, 65_500), "megapixels"),
        "webp that claims much": (webp_that_claims(16_384, 16_384), "268 megapixels"),
        "moving png": (animation("PNG", 300), "moves"),
        "moving webp": (animation("WEBP", 60), "moves"),
        "large moving webp": (animation("WEBP", 3, 2_000), "moves"),
        "more bytes than read": (written(photo()) + bytes(9_000_000), "more than 8 MB"),
    }


def odd_but_fine() -> dict[str, bytes]:
    """Unusual files that are still photos."""
    picture = photo(200, 160)
    rng = np.random.default_rng(3)
    deep = np.linspace(0, 65_535, 200 * 160).reshape(160, 200).astype(np.uint16)
    hidden = picture.convert("RGBA")
    hidden.putalpha(0)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    strange = TiffImagePlugin.ImageFileDirectory_v2()
    strange[0x010E] = "x"
    return {
        "cmyk": written(picture.convert("CMYK")),
        "cmyk, profile of another kind": written(picture.convert("CMYK"), icc_profile=profile()),
        "profile of noise": written(picture, icc_profile=rng.bytes(60_000)),
        "profile of a megabyte": written(picture, icc_profile=profile() + rng.bytes(1_500_000)),
        "lab profile": written(picture, icc_profile=lab),
        "broken exif": written(picture, exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + rng.bytes(300)),
        "grey": written(picture.convert("L")),
        "16 bit": written(Image.fromarray(deep), "PNG"),
        "black and white": written(picture.convert("1"), "PNG"),
        "palette": written(picture.quantize(16), "PNG"),
        "palette, see-through": written(picture.quantize(16), "PNG", transparency=3),
        "grey, see-through": written(picture.convert("LA"), "PNG"),
        "one colour see-through": written(picture, "PNG", transparency=(128, 128, 128)),
        "nothing to see": written(hidden, "PNG"),
        "one pixel": written(picture.resize((1, 1)), "PNG"),
        "thread": png(1, 200_000),
        "two in one": two_in_one(),
        "words, and no profile": written(picture, comment=SCRIPT, exif=exif(), xmp=XMP),
        "bytes behind": written(picture) + SCRIPT + zipped(),
        "24.47 megapixels, as phones make": written(Image.new("RGB", (5_712, 4_284), (90, 80, 70))),
    }


def pdf(pages: list[str], *, more: str = "", catalogue: str = "", trailer: str = "", box: str = "0 0 595 842") -> bytes:
    """A PDF with a line of text on each page; `more` are further objects from number 100 on."""
    kids = " ".join(f"{10 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        f"1 0 obj<</Type/Catalog/Pages 2 0 R{catalogue}>>endobj",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>endobj",
        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        more,
    ]
    for i, words in enumerate(pages):
        drawing = f"BT /F 40 Tf 60 700 Td ({words}) Tj ET"
        objects.append(
            f"{10 + 2 * i} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {11 + 2 * i} 0 R>>endobj"
        )
        objects.append(f"{11 + 2 * i} 0 obj<</Length {len(drawing)}>>stream\n{drawing}\nendstream endobj")
    body = "\n".join(objects)
    return f"%PDF-1.7\n{body}\ntrailer<</Root 1 0 R/Size 200{trailer}>>\n%%EOF".encode("latin-1")


def swapped_profile() -> bytes:
    """sRGB with the primaries of red and green exchanged: what such a file calls red is shown green."""
    content = bytearray(profile())
    count = struct.unpack_from(">I", content, 128)[0]
    found = {bytes(content[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, green = found[b"rXYZ"], found[b"gXYZ"]
    content[red : red + 4], content[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(content)
