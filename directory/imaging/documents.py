"""A document (PDF or picture) turned into pictures of its pages; runs in the child process only."""

import io

import pypdfium2
from PIL import Image

from directory.imaging.bounds import MAX_PAGES, PAGE_SIDE
from directory.imaging.pictures import Unfit, draw
from directory.imaging.sniff import PDF, kind_of

PLAIN_COLOURS = 4096  # print in a few inks, softened at its edges, has fewer
PASSWORD_WANTED = 4  # FPDF_ERR_PASSWORD


def prepare() -> None:
    """Let the library set itself up while it may still open files."""
    pypdfium2.PdfDocument.new().close()


def pages_of(content: bytes) -> list[bytes]:
    """One PNG a page. Raises Unfit; anything else it raises means that the file is damaged."""
    if kind_of(content) != PDF:
        return [_page(draw(content, PAGE_SIDE))]
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unfit("locked" if error.err_code == PASSWORD_WANTED else "damaged") from error
    if len(document) > MAX_PAGES:
        raise Unfit("pages", pages=len(document))
    made = []
    for page in document:
        width, height = page.get_size()
        # Forms, scripts, links and attachments are not drawn: what is not on the paper is not on the picture.
        scale = (PAGE_SIDE - 1) / max(width, height)  # the library rounds up
        drawn = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        made.append(_page(Image.frombytes("RGB", drawn.size, drawn.tobytes())))
        page.close()
    return made


def _page(picture: Image.Image) -> bytes:
    """A PNG; a page with photographs on it makes do with 256 colours, so that twenty of them stay within bounds."""
    if picture.getcolors(PLAIN_COLOURS) is None:
        picture = picture.quantize(256, Image.Quantize.FASTOCTREE)
    sheet = io.BytesIO()
    picture.save(sheet, "PNG", compress_level=4)
    return sheet.getvalue()
