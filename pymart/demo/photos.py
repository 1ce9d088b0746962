"""
Product photos: cut-outs from `pictures/` set before a studio backdrop.

Each listing gets three or four that differ: as it is, closer, in its other colours or as a pack of several, and a card
that says brand and net quantity. The same listing always gives the same photos.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pymart.demo.content import Listing, dice

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
FONT = HERE / "fonts" / "Poppins_600SemiBold.ttf"
SIDE = 1200
SIZES = (1200, 640, 320)
HEADING, FACT = 46, 28
BACKDROPS = {  # light and shade of the wall, by department
    "Grocery & Staples": ("#fbf3e0", "#ecd9b4"),
    "Fashion": ("#f6f1f4", "#dccdd8"),
    "Beauty & Personal Care": ("#fdf1ee", "#eecfc8"),
    "Home & Kitchen": ("#f1f5f2", "#cddcd3"),
    "Electronics": ("#f2f4f8", "#cfd6e4"),
    "Books & Stationery": ("#f7f2ea", "#e0d2bd"),
    "Sports & Fitness": ("#eef5f8", "#c6dbe6"),
    "Toys & Baby": ("#fff6e3", "#f7dcae"),
    "Jewellery & Accessories": ("#f6f0f7", "#dbcbe0"),
    "Pooja, Festive & Garden": ("#fff4e1", "#f3d19a"),
}
PLAIN = ("#ffffff", "#e4e6ea")
GOLD = (17, 40)  # hues, of 256


@dataclass(frozen=True)
class Photo:
    picture: Image.Image
    alt: str


Shot = tuple[str, str]
"""A file's stem in the local folder, and what it shows."""


def take(listing: Listing, folder: Path) -> list[Shot]:
    """Write a listing's photos in all sizes, unless the folder has them; safe in a process of its own."""
    stem = _digest(listing)
    note = folder / f"{stem}.txt"
    if not note.exists():
        alts = []
        for position, photo in enumerate(photos(listing)):
            picture = photo.picture
            for size in SIZES:
                if picture.width != size:
                    picture = picture.resize((size, size), Image.Resampling.LANCZOS)
                (folder / f"{stem}-{position}-{size}.webp").write_bytes(encode(picture))
            alts.append(photo.alt)
        note.write_text("\n".join(alts))
    return [(f"{stem}-{position}", alt) for position, alt in enumerate(note.read_text().splitlines())]


def _digest(listing: Listing) -> str:
    """Changes with the cut-out, the words on the card and the way of taking photos."""
    digest = hashlib.sha256(repr(listing).encode())
    digest.update(Path(__file__).read_bytes())
    cut_out_ = PICTURES / f"{listing.picture}.webp"
    digest.update(cut_out_.read_bytes() if cut_out_.exists() else b"")
    return digest.hexdigest()[:20]


def photos(listing: Listing) -> Iterator[Photo]:
    """Two to four photos, the first for lists. None without a cut-out."""
    if not (PICTURES / f"{listing.picture}.webp").exists():
        return
    thing = cut_out(listing.picture)
    rng = dice("photos", listing.slug)
    colours = {offer.hue: offer.attributes.get("Colour", "") for offer in listing.offers}
    wall = BACKDROPS.get(listing.department, PLAIN)
    yield Photo(_stand(thing, PLAIN, size=0.92), _alt(listing, colours.get(0, "")))
    for hue, colour in [item for item in colours.items() if item[0]][:2]:
        yield Photo(_stand(turn_hue(thing, hue), PLAIN, size=0.92), _alt(listing, colour))
    yield Photo(_close_up(thing, wall, rng), _alt(listing, "seen closer"))
    if len(colours) < 2:
        extra = _several if _comes_in_packs(listing) else _card
        yield Photo(
            extra(thing, wall, listing), _alt(listing, "in its sizes" if extra is _several else "with its details")
        )


def cut_out(name: str) -> Image.Image:
    return Image.open(PICTURES / f"{name}.webp").convert("RGBA")


def encode(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=80, method=1)
    return buffer.getvalue()


def turn_hue(thing: Image.Image, degrees: int) -> Image.Image:
    """Dye a thing another colour; what is gold stays gold."""
    hue, saturation, value = thing.convert("RGB").convert("HSV").split()
    shift = round(degrees / 360 * 256)
    is_gold = hue.point([255 if GOLD[0] <= h <= GOLD[1] else 0 for h in range(256)])
    other = Image.composite(hue, hue.point([(h + shift) % 256 for h in range(256)]), is_gold)
    turned = Image.merge("HSV", (other, saturation, value)).convert("RGB")
    turned.putalpha(thing.getchannel("A"))
    return turned


def _alt(listing: Listing, what: str) -> str:
    return f"{listing.title}, {what}"[:160] if what else listing.title[:160]


def _comes_in_packs(listing: Listing) -> bool:
    return listing.kind in {"food", "beauty"} and len(listing.offers) > 1


# -- the studio -----------------------------------------------------------------------------------


@cache
def _backdrop(light: str, shade: str) -> Image.Image:
    """A wall that is lit from the upper left and runs softly into the floor."""
    glow = Image.radial_gradient("L").resize((SIDE * 2, SIDE * 2), Image.Resampling.BICUBIC)
    glow = glow.crop((SIDE * 5 // 8, SIDE * 5 // 8, SIDE * 13 // 8, SIDE * 13 // 8))
    wall = Image.composite(Image.new("RGB", (SIDE, SIDE), shade), Image.new("RGB", (SIDE, SIDE), light), glow)
    floor = Image.linear_gradient("L").resize((SIDE, SIDE)).point(lambda y: max(0, y - 150) // 4)
    return Image.composite(Image.new("RGB", (SIDE, SIDE), shade), wall, floor)


def _fit(thing: Image.Image, share: float) -> Image.Image:
    factor = share * SIDE / max(thing.size)
    return thing.resize((round(thing.width * factor), round(thing.height * factor)), Image.Resampling.BICUBIC)


def _stand(thing: Image.Image, wall: tuple[str, str], *, size: float) -> Image.Image:
    picture, thing = _backdrop(*wall).copy(), _fit(thing, size)
    picture.paste(thing, ((SIDE - thing.width) // 2, (SIDE - thing.height) // 2), thing)
    return picture


def _close_up(thing: Image.Image, wall: tuple[str, str], rng: random.Random) -> Image.Image:
    """Step nearer, a little off the middle."""
    picture = _backdrop(*wall).copy()
    near = 1.6 if thing.width < thing.height * 1.6 else 1.4
    factor = near * SIDE / max(thing.size)
    wide, tall = thing.width * factor, thing.height * factor
    left, top = (SIDE - wide) * rng.uniform(0.42, 0.58), (SIDE - tall) * rng.uniform(0.32, 0.48)
    seen = tuple(round(edge) for edge in (max(0, -left), max(0, -top), min(wide, SIDE - left), min(tall, SIDE - top)))
    size = (seen[2] - seen[0], seen[3] - seen[1])
    box = tuple(min(edge / factor, full) for edge, full in zip(seen, thing.size * 2, strict=True))
    part = thing.resize(size, Image.Resampling.BICUBIC, box=box)
    picture.paste(part, (round(max(0, left)), round(max(0, top))), part)
    return picture


def _several(thing: Image.Image, wall: tuple[str, str], listing: Listing) -> Image.Image:
    """A family of packs, the largest behind."""
    picture = _backdrop(*wall).copy()
    count = min(3, len(listing.offers))
    wide = thing.width / max(thing.size)
    sizes = [size * min(1.0, 0.55 / wide) for size in (0.9, 0.74, 0.6)[:count]]
    reach = sum(sizes) * wide * SIDE * 0.8
    x, floor = (SIDE - reach) / 2, SIDE * 0.8
    for index, size in enumerate(sizes):
        piece = _fit(thing, size)
        picture.paste(piece, (round(x - piece.width * 0.1), round(floor + index * 26 - piece.height)), piece)
        x += piece.width * 0.8
    return picture


def _card(thing: Image.Image, wall: tuple[str, str], listing: Listing) -> Image.Image:
    """The thing beside a few of its facts."""
    picture = _backdrop(*wall).copy()
    tall = thing.height >= thing.width * 0.9
    piece = _fit(thing, 0.72 if tall else 0.66)
    centre = (SIDE * 0.29, SIDE * 0.5) if tall else (SIDE * 0.5, SIDE * 0.31)
    picture.paste(piece, (round(centre[0] - piece.width / 2), round(centre[1] - piece.height / 2)), piece)
    left, right = (SIDE * 0.54, SIDE * 0.95) if tall else (SIDE * 0.12, SIDE * 0.88)
    facts = [f"{name}: {value}" for name, value in listing.attributes.items()][:4]
    room, height = right - left - 84, 84.0 + HEADING * 1.35
    height += sum(len(_lines(fact, room, FACT)) * FACT * 1.35 + 16 for fact in facts)
    top = (SIDE - height) / 2 if tall else SIDE * 0.95 - height
    _paper(picture, (left, top, right, top + height))
    ink, y = ImageDraw.Draw(picture), top + 42
    for text, size, colour in [(listing.brand, HEADING, "#3b2f8f"), *((fact, FACT, "#33313f") for fact in facts)]:
        for line in _lines(text, room, size):
            ink.text((left + 42, y), line, font=_face(size), fill=colour)
            y += size * 1.35
        y += 16
    return picture


def _paper(picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    shadow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(shadow).rounded_rectangle((box[0], box[1] + 14, box[2], box[3] + 14), radius=28, fill=90)
    shade = Image.new("RGB", picture.size, "#4a4458")
    picture.paste(shade, mask=shadow.filter(ImageFilter.GaussianBlur(26)))
    ImageDraw.Draw(picture).rounded_rectangle(box, radius=28, fill="#fffdf9")


def _lines(text: str, room: float, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _face(size).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
