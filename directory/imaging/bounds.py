"""How large files may be that are taken in, and what is made of them: known to parent and child alike."""

PHOTO_BYTES, DOCUMENT_BYTES = 8 * 1024**2, 10 * 1024**2
# "24 megapixels" as cameras and phones count: 6000 x 4000, and 5712 x 4284 which is 24.47 million.
MAX_PIXELS = 24_500_000
MAX_PAGES = 20

WEBP_SIDES = (400, 800, 1600)
PHOTO_SIDE = 1600  # pixels of the longer side; smaller pictures stay as they are
PAGE_SIDE = 1800  # A4 at about 150 dots an inch: small print stays legible
THUMB_SIDE = 32
THUMB_BYTES = THUMB_SIDE * THUMB_SIDE
