"""What is printed on things: labels, fabrics, book covers and screens, drawn with Pillow."""

import hashlib
import math
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Colour = str
FONTS: dict[str, Path] = {}
"""Open fonts (SIL OFL) by short name; `studio/__main__.py` fills this in."""
FOLDER = Path(tempfile.gettempdir()) / "pymart-studio"


def _save(image: Image.Image, *key: object) -> Path:
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.png"
    image.convert("RGB").save(path)
    return path


def mix(one: Colour, other: Colour, share: float) -> Colour:
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (one, other))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def write(
    image: Image.Image,
    text: str,
    *,
    at: tuple[float, float],
    font: str,
    height: float,
    colour: Colour,
    width: float,
    lines: int = 1,
    spacing: float = 1.12,
    anchor: str = "m",
) -> float:
    """Write `text` around the point `at` (shares of the picture), shrunk to fit; returns the height used."""
    w, h = image.size
    size = int(height * h)
    words = text.split()
    while True:
        face = ImageFont.truetype(str(FONTS[font]), max(size, 8))
        rows, row = [], ""
        for word in words:
            trial = f"{row} {word}".strip()
            if row and face.getlength(trial) > width * w:
                rows.append(row)
                row = word
            else:
                row = trial
        rows.append(row)
        if (len(rows) <= lines and max(face.getlength(r) for r in rows) <= width * w) or size <= 8:
            break
        size -= 2
    draw, step = ImageDraw.Draw(image), size * spacing
    top = at[1] * h - step * (len(rows) - 1) / 2
    for index, line in enumerate(rows):
        draw.text((at[0] * w, top + index * step), line, font=face, fill=colour, anchor=f"{anchor}m")
    return step * len(rows) / h


def mandala(
    image: Image.Image, *, at: tuple[float, float], radius: float, colour: Colour, petals: int = 16, rings: int = 4
) -> None:
    draw, (w, h) = ImageDraw.Draw(image), image.size
    cx, cy = at[0] * w, at[1] * h
    for ring in range(rings, 0, -1):
        reach, count = radius * w * ring / rings, petals * (1 if ring < 3 else 2)
        for petal in range(count):
            angle = 2 * math.pi * (petal + 0.5 * (ring % 2)) / count
            inner, wide = reach * (1 - 0.9 / rings), 0.55 * math.pi * reach / count
            tip = (cx + reach * math.cos(angle), cy + reach * math.sin(angle))
            mid = (cx + (inner + reach) / 2 * math.cos(angle), cy + (inner + reach) / 2 * math.sin(angle))
            side = (-wide * math.sin(angle), wide * math.cos(angle))
            root = (cx + inner * math.cos(angle), cy + inner * math.sin(angle))
            shape = [tip, (mid[0] + side[0], mid[1] + side[1]), root, (mid[0] - side[0], mid[1] - side[1])]
            draw.polygon(shape, outline=colour, width=max(2, w // 300), fill=colour if ring % 2 else None)
        draw.ellipse((cx - reach, cy - reach, cx + reach, cy + reach), outline=colour, width=max(2, w // 300))


def grains(size: tuple[int, int], colours: list[Colour], *, length: float, width: float, seed: int = 1) -> Image.Image:
    """Heap up lentils, rice, seeds or nuts: what shows through the window of a packet."""
    rng = random.Random(seed)
    w, h = size
    image = Image.new("RGB", size, mix(colours[0], "#000000", 0.55))
    stamps = []
    for _ in range(60):
        base = rng.choice(colours)
        s = int(max(length, width) * 2) + 4
        stamp = Image.new("RGBA", (s, s), (0, 0, 0, 0))
        d = ImageDraw.Draw(stamp)
        c = s / 2
        d.ellipse(
            (c - length / 2 + 1, c - width / 2 + 2, c + length / 2 + 1, c + width / 2 + 2),
            fill=mix(base, "#000000", 0.5),
        )
        d.ellipse((c - length / 2, c - width / 2, c + length / 2, c + width / 2), fill=base)
        d.ellipse(
            (c - length * 0.3, c - width * 0.36, c + length * 0.12, c + width * 0.02), fill=mix(base, "#ffffff", 0.45)
        )
        stamps.append(stamp.rotate(rng.uniform(0, 360), resample=Image.Resampling.BICUBIC))
    for _ in range(int(w * h / (length * width) * 3)):
        stamp = rng.choice(stamps)
        image.paste(stamp, (rng.randrange(-20, w), rng.randrange(-20, h)), stamp)
    return image


@dataclass
class Label:
    """The words and colours of one label; `style` picks the drawing."""

    brand: str
    name: str
    net: str = ""
    note: str = ""
    main: Colour = "#0b6e4f"
    paper: Colour = "#fff6df"
    accent: Colour = "#f5a300"
    ink: Colour = ""
    style: str = "band"
    veg: bool = False
    window: list[Colour] = field(default_factory=list)
    grain: tuple[float, float] = (22, 14)
    head: str = "brand"
    fit: float = 1.0


def label(spec: Label, size: tuple[int, int] = (900, 1200)) -> Path:
    draw: dict[str, Callable[[Label, tuple[int, int]], Image.Image]] = {
        "band": _band,
        "window": _window,
        "mandala": _mandala,
        "minimal": _minimal,
        "burst": _burst,
        "leafy": _leafy,
    }
    image = draw[spec.style](spec, size)
    if spec.veg:
        _veg_mark(image)
    return _save(image, spec, size)


def _veg_mark(image: Image.Image) -> None:
    w, h = image.size
    side = min(w, h) * 0.06
    x, y = w * 0.9 - side, h * 0.93 - side
    pen = ImageDraw.Draw(image)
    pen.rectangle((x, y, x + side, y + side), fill="#ffffff", outline="#118c2f", width=max(3, int(side / 12)))
    pen.ellipse((x + side * 0.24, y + side * 0.24, x + side * 0.76, y + side * 0.76), fill="#118c2f")


def _words(
    image: Image.Image, spec: Label, *, centre: float, room: float, width: float, colours: tuple[Colour, Colour, Colour]
) -> None:
    """Set brand, name, note and net quantity into the strip of height `room` around `centre`."""
    top, width = centre - room / 2, width * spec.fit
    write(
        image,
        spec.brand,
        at=(0.5, top + room * 0.2),
        font=spec.head,
        height=room * 0.24,
        colour=colours[0],
        width=width,
    )
    write(
        image,
        spec.name,
        at=(0.5, top + room * 0.52),
        font="bold",
        height=room * 0.15,
        colour=colours[1],
        width=width,
        lines=2,
    )
    if spec.note:
        write(
            image,
            spec.note,
            at=(0.5, top + room * 0.77),
            font="plain",
            height=room * 0.075,
            colour=colours[1],
            width=width,
            lines=2,
        )
    if spec.net:
        write(
            image,
            spec.net,
            at=(0.5, top + room * 0.93),
            font="semi",
            height=room * 0.08,
            colour=colours[2],
            width=width,
        )


def _band(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.main)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, h * 0.16, w, h * 0.84), fill=spec.paper)
    for y in (0.145, 0.84):
        pen.rectangle((0, h * y, w, h * (y + 0.015)), fill=spec.accent)
    mandala(image, at=(0.5, 0.0), radius=0.13 * min(1, h / w), colour=mix(spec.main, spec.accent, 0.55))
    mandala(image, at=(0.5, 1.0), radius=0.13 * min(1, h / w), colour=mix(spec.main, spec.accent, 0.55))
    ink = spec.ink or spec.main
    _words(image, spec, centre=0.5, room=0.6, width=0.84, colours=(ink, mix(ink, "#000000", 0.35), ink))
    return image


def _window(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.main)
    heap = grains(size, spec.window or ["#e7b54a"], length=spec.grain[0], width=spec.grain[1], seed=len(spec.name))
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((w * 0.12, h * 0.64, w * 0.88, h * 0.93), radius=w * 0.12, fill=255)
    image.paste(Image.new("RGB", size, spec.accent), mask=mask.filter(ImageFilter.MaxFilter(9)))
    image.paste(heap, mask=mask)
    pen = ImageDraw.Draw(image)
    pen.ellipse((-w * 0.25, -h * 0.42, w * 1.25, h * 0.12), fill=spec.accent)
    pen.ellipse((-w * 0.25, -h * 0.435, w * 1.25, h * 0.105), fill=spec.paper)
    mandala(image, at=(0.5, -0.01), radius=0.12, colour=mix(spec.paper, spec.main, 0.5), rings=3)
    ink = spec.ink or spec.paper
    _words(image, spec, centre=0.385, room=0.48, width=0.82, colours=(ink, mix(ink, spec.accent, 0.25), ink))
    return image


def _mandala(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.main)
    mandala(image, at=(0.5, 0.5), radius=0.72, colour=mix(spec.main, spec.accent, 0.3), petals=20, rings=5)
    pen = ImageDraw.Draw(image)
    box = (w * 0.1, h * 0.2, w * 0.9, h * 0.8)
    pen.rounded_rectangle(box, radius=w * 0.06, fill=spec.paper, outline=spec.accent, width=max(4, w // 90))
    inner = (w * 0.13, h * 0.2 + w * 0.03, w * 0.87, h * 0.8 - w * 0.03)
    pen.rounded_rectangle(inner, radius=w * 0.045, outline=mix(spec.paper, spec.main, 0.5), width=max(2, w // 250))
    ink = spec.ink or spec.main
    _words(image, spec, centre=0.5, room=0.5, width=0.66, colours=(ink, mix(ink, "#000000", 0.4), ink))
    return image


def _minimal(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.paper)
    pen = ImageDraw.Draw(image)
    pad = min(w, h) * 0.05
    pen.rectangle((pad, pad, w - pad, h - pad), outline=spec.main, width=max(2, w // 260))
    ink = spec.ink or spec.main
    pen.ellipse((w / 2 - pad * 0.8, h * 0.13, w / 2 + pad * 0.8, h * 0.13 + pad * 1.6), fill=spec.accent)
    _words(image, spec, centre=0.54, room=0.62, width=0.8, colours=(ink, ink, mix(ink, spec.paper, 0.25)))
    return image


def _burst(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.main)
    pen = ImageDraw.Draw(image)
    for ray in range(0, 48, 2):
        a, b = (2 * math.pi * (ray + k) / 48 for k in (0, 1))
        far = w + h
        pen.polygon(
            [
                (w / 2, h * 0.4),
                (w / 2 + far * math.cos(a), h * 0.4 + far * math.sin(a)),
                (w / 2 + far * math.cos(b), h * 0.4 + far * math.sin(b)),
            ],
            fill=mix(spec.main, spec.accent, 0.28),
        )
    pen.ellipse(
        (w * 0.08, h * 0.4 - w * 0.42, w * 0.92, h * 0.4 + w * 0.42),
        fill=spec.paper,
        outline=spec.accent,
        width=max(5, w // 60),
    )
    ink = spec.ink or spec.main
    write(image, spec.brand, at=(0.5, 0.33), font=spec.head, height=0.14, colour=ink, width=0.7)
    write(
        image,
        spec.name,
        at=(0.5, 0.46),
        font="bold",
        height=0.075,
        colour=mix(ink, "#000000", 0.35),
        width=0.66,
        lines=2,
    )
    write(image, spec.note or " ", at=(0.5, 0.82), font="semi", height=0.05, colour=spec.paper, width=0.8, lines=2)
    write(image, spec.net or " ", at=(0.5, 0.91), font="bold", height=0.045, colour=spec.paper, width=0.6)
    return image


def _leafy(spec: Label, size: tuple[int, int]) -> Image.Image:
    w, h = size
    image = Image.new("RGB", size, spec.paper)
    rng = random.Random(len(spec.name) * 7)
    for _ in range(26):
        length = rng.uniform(0.16, 0.3) * w
        leaf = Image.new("RGBA", (int(length), int(length)), (0, 0, 0, 0))
        pen = ImageDraw.Draw(leaf)
        tint = mix(spec.main, rng.choice([spec.paper, "#000000", spec.accent]), rng.uniform(0.05, 0.35))
        pen.chord((0, -length * 0.25, length, length * 0.85), 20, 160, fill=tint)
        pen.chord((0, length * 0.15, length, length * 1.25), 200, 340, fill=mix(tint, "#ffffff", 0.12))
        leaf = leaf.rotate(rng.uniform(0, 360), resample=Image.Resampling.BICUBIC, expand=True)
        y = rng.choice([rng.uniform(-0.06, 0.08), rng.uniform(0.84, 0.98)])
        image.paste(leaf, (int(rng.uniform(-0.1, 1) * w), int(y * h)), leaf)
    ink = spec.ink or mix(spec.main, "#000000", 0.25)
    _words(image, spec, centre=0.5, room=0.58, width=0.82, colours=(ink, mix(ink, "#000000", 0.3), spec.main))
    return image


# -- fabrics --------------------------------------------------------------------------------------


def _tile(size: int, background: Colour) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (size, size), background)
    return image, ImageDraw.Draw(image)


def _flower(pen: ImageDraw.ImageDraw, x: float, y: float, r: float, petals: int, colour: Colour, heart: Colour) -> None:
    for petal in range(petals):
        angle = 2 * math.pi * petal / petals
        cx, cy = x + r * 0.6 * math.cos(angle), y + r * 0.6 * math.sin(angle)
        pen.ellipse((cx - r * 0.38, cy - r * 0.38, cx + r * 0.38, cy + r * 0.38), fill=colour)
    pen.ellipse((x - r * 0.3, y - r * 0.3, x + r * 0.3, y + r * 0.3), fill=heart)


def cloth(kind: str, one: Colour, two: Colour, three: Colour = "#ffffff", *, count: int = 8, size: int = 1200) -> Path:
    """Print or weave a square of cloth; `kind` is the name of the pattern."""
    image, pen = _tile(size, one)
    step = size / count
    spots = [(i, j, (i + 0.5 + 0.5 * (j % 2)) * step, (j + 0.5) * step) for i in range(-1, count) for j in range(count)]
    if kind == "buti":
        for _, _, x, y in spots:
            _flower(pen, x, y, step * 0.24, 6, two, three)
            pen.line((x, y + step * 0.18, x, y + step * 0.4), fill=two, width=int(step / 24) + 1)
            pen.ellipse((x - step * 0.16, y + step * 0.28, x - step * 0.02, y + step * 0.36), fill=two)
    elif kind == "jaal":
        for i, j, x, y in spots:
            pen.arc(
                (x - step * 0.5, y - step * 0.5, x + step * 0.5, y + step * 0.5),
                0,
                360,
                fill=mix(one, two, 0.6),
                width=int(step / 22) + 1,
            )
            _flower(pen, x, y, step * (0.32 if (i + j) % 2 else 0.22), 8, two, three)
    elif kind == "stripe":
        for i in range(count):
            pen.rectangle((i * step, 0, i * step + step * 0.42, size), fill=two)
            pen.rectangle((i * step + step * 0.62, 0, i * step + step * 0.68, size), fill=three)
    elif kind == "check":
        over = Image.new("RGB", image.size, two)
        mask = Image.new("L", image.size, 0)
        for i in range(count):
            band = Image.new("L", image.size, 0)
            ImageDraw.Draw(band).rectangle((i * step, 0, i * step + step * 0.4, size), fill=120)
            mask = ImageChops.add(mask, band)
            mask = ImageChops.add(mask, band.rotate(90))
        image.paste(over, mask=mask)
        pen = ImageDraw.Draw(image)
        for i in range(count):
            pen.line((i * step + step * 0.7, 0, i * step + step * 0.7, size), fill=three, width=3)
            pen.line((0, i * step + step * 0.7, size, i * step + step * 0.7), fill=three, width=3)
    elif kind == "ikat":
        rng = random.Random(5)
        for _, _, x, y in spots:
            for k, tone in ((1.0, two), (0.62, three), (0.3, one)):
                r = step * 0.44 * k
                points = [(x, y - r), (x + r * 0.72, y), (x, y + r), (x - r * 0.72, y)]
                pen.polygon([(px + rng.uniform(-3, 3), py + rng.uniform(-3, 3)) for px, py in points], fill=tone)
        image = image.filter(ImageFilter.BoxBlur(2))
    elif kind == "bandhani":
        for i, j, x, y in spots:
            for k in range(10):
                angle = 2 * math.pi * k / 10
                px, py, r = x + step * 0.32 * math.cos(angle), y + step * 0.32 * math.sin(angle), step * 0.05
                pen.ellipse((px - r, py - r, px + r, py + r), fill=two)
                pen.ellipse((px - r * 0.4, py - r * 0.4, px + r * 0.4, py + r * 0.4), fill=one)
            pen.ellipse(
                (x - step * 0.08, y - step * 0.08, x + step * 0.08, y + step * 0.08), fill=three if (i + j) % 2 else two
            )
    elif kind in {"border", "kasavu"}:
        for _, _, x, y in spots if kind == "border" else []:
            _flower(pen, x, y, step * 0.13, 5, mix(one, two, 0.75), three)
        for y in (0.0, 0.86):
            pen.rectangle((0, y * size, size, (y + 0.14) * size), fill=two)
            for k in range(count * 3):
                x = (k + 0.5) * size / count / 3
                pen.polygon(
                    [
                        (x, (y + 0.03) * size),
                        (x + step * 0.12, (y + 0.07) * size),
                        (x, (y + 0.11) * size),
                        (x - step * 0.12, (y + 0.07) * size),
                    ],
                    fill=three,
                )
            for line in (0.012, 0.128):
                pen.rectangle((0, (y + line) * size - 3, size, (y + line) * size + 3), fill=three)
    elif kind == "colourblock":
        pen.rectangle((0, size * 0.42, size, size * 0.62), fill=two)
        pen.rectangle((0, size * 0.4, size, size * 0.42), fill=three)
    return _save(image, kind, one, two, three, count, size)


# -- covers and screens ---------------------------------------------------------------------------


def cover(
    title: str,
    author: str,
    *,
    paper: Colour,
    ink: Colour,
    accent: Colour,
    art: str = "sun",
    size: tuple[int, int] = (800, 1200),
    head: str = "serif",
    strap: str = "",
) -> Path:
    w, h = size
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    rng = random.Random(len(title))
    if art == "sun":
        pen.ellipse((w * 0.22, h * 0.42, w * 0.78, h * 0.42 + w * 0.56), fill=accent)
        for k in range(6):
            y = h * (0.66 + 0.06 * k)
            wave = [(x, y + math.sin(x / w * 7 + k) * h * 0.018) for x in range(0, w + 20, 20)]
            pen.polygon([*wave, (w, h), (0, h)], fill=mix(accent if k % 2 else paper, ink, 0.18 + 0.13 * k))
    elif art == "tiles":
        step = w / 6
        for i in range(6):
            for j in range(5):
                x, y = i * step, h * 0.52 + j * step
                pen.pieslice(
                    (x, y, x + step * 2, y + step * 2),
                    180,
                    270,
                    fill=rng.choice([accent, ink, mix(paper, accent, 0.4), mix(paper, ink, 0.5)]),
                )
    elif art == "mandala":
        mandala(image, at=(0.5, 0.68), radius=0.44, colour=accent, petals=18, rings=5)
    elif art == "city":
        for layer in range(3):
            for k in range(9):
                x, tall = k * w / 8 + rng.uniform(-20, 20), rng.uniform(0.12, 0.34) * h * (1 - layer * 0.2)
                pen.rectangle((x - 40, h * 0.98 - tall, x + 45, h), fill=mix(accent, ink, 0.3 + 0.3 * layer))
                pen.pieslice(
                    (x - 40, h * 0.98 - tall - 42, x + 45, h * 0.98 - tall + 42),
                    180,
                    360,
                    fill=mix(accent, ink, 0.3 + 0.3 * layer),
                )
    elif art == "dots":
        for _ in range(70):
            x, y, r = rng.uniform(0, w), rng.uniform(h * 0.5, h), rng.uniform(10, 60)
            pen.ellipse(
                (x - r, y - r, x + r, y + r), fill=rng.choice([accent, mix(accent, paper, 0.5), mix(ink, paper, 0.3)])
            )
    if strap:
        pen.rectangle((0, 0, w, h * 0.06), fill=accent)
        write(image, strap, at=(0.5, 0.03), font="semi", height=0.026, colour=paper, width=0.9)
    write(image, title, at=(0.5, 0.24), font=head, height=0.1, colour=ink, width=0.82, lines=3)
    write(image, author, at=(0.5, 0.455 if art != "sun" else 0.385), font="semi", height=0.034, colour=ink, width=0.8)
    return _save(image, title, author, paper, ink, accent, art, size, head, strap)


def screen(kind: str, one: Colour, two: Colour, *, size: tuple[int, int] = (700, 1500)) -> Path:
    """Draw what a phone, tablet, laptop, watch, television or meter shows."""
    w, h = size
    image = Image.new("RGB", size, one)
    ramp = Image.linear_gradient("L").resize(size)
    image.paste(Image.new("RGB", size, two), mask=ramp)
    pen = ImageDraw.Draw(image)
    for k in range(5):
        y = h * (0.62 + 0.075 * k)
        ridge = [(x, y + math.sin(x / w * (5 + k) + k * 1.7) * h * 0.05) for x in range(0, w + 10, 10)]
        pen.polygon([*ridge, (w, h), (0, h)], fill=mix(two, "#0a1030", 0.15 + 0.16 * k))
    pen.ellipse(
        (w * 0.62, h * 0.3, w * 0.62 + min(w, h) * 0.22, h * 0.3 + min(w, h) * 0.22), fill=mix(one, "#ffffff", 0.65)
    )
    if kind == "phone":
        write(image, "10:08", at=(0.5, 0.16), font="semi", height=0.085, colour="#ffffff", width=0.8)
        write(image, "Sunday, 22 November", at=(0.5, 0.225), font="plain", height=0.022, colour="#ffffff", width=0.8)
        pen.ellipse((w * 0.47, h * 0.018, w * 0.53, h * 0.018 + w * 0.06), fill="#05060a")
    elif kind == "watch":
        image.paste("#06070d", (0, 0, w, h))
        write(image, "10:08", at=(0.5, 0.36), font="bold", height=0.26, colour="#ffffff", width=0.86)
        write(image, "SUN 22 NOV", at=(0.5, 0.16), font="semi", height=0.08, colour=two, width=0.8)
        for k, (tone, share) in enumerate([(one, 290), (two, 220), ("#f5a300", 160)]):
            r = w * (0.2 - 0.055 * k)
            pen.arc(
                (w * 0.5 - r, h * 0.74 - r, w * 0.5 + r, h * 0.74 + r), -90, share - 90, fill=tone, width=int(w * 0.035)
            )
    elif kind == "laptop":
        pen.rounded_rectangle((w * 0.3, h * 0.93, w * 0.7, h * 0.985), radius=10, fill=mix(one, "#ffffff", 0.75))
        for k in range(7):
            pen.rounded_rectangle(
                (w * (0.32 + 0.053 * k), h * 0.94, w * (0.35 + 0.053 * k), h * 0.975),
                radius=6,
                fill=[one, two, "#f5a300", "#2e9e6b", "#ffffff", "#d6456b", "#3b2f8f"][k],
            )
    return _save(image, kind, one, two, size)
