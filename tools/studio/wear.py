"""Clothes and linen: flat lays with real creases, and folded stacks."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import bpy
from kit import Point, box, fabric, grid, place, slab, srgb
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from prints import FOLDER, cloth, mix

SHEET = (1300, 1500)
Outline = Sequence[Point]


# -- flat lays ------------------------------------------------------------------------------------


def smooth(points: Outline, steps: int = 10) -> list[Point]:
    """Draw a curve through the points (Catmull-Rom); a doubled point stays a corner."""
    path: list[Point] = []
    count = len(points)
    for i in range(count):
        p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        if p1 == p2:
            continue
        for step in range(steps):
            t = step / steps
            path.append(
                tuple(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return path


def _pixels(points: Outline) -> list[Point]:
    return [(x * SHEET[0], y * SHEET[1]) for x, y in points]


def _mirror(points: Outline) -> list[Point]:
    return [(1 - x, y) for x, y in reversed(points)]


class Garment:
    """A garment drawn piece by piece, then laid on a creased surface."""

    def __init__(self, weave: Path, *, repeat: float = 0.34, seed: int = 1) -> None:
        self.weave, self.repeat, self.seed = Image.open(weave).convert("RGB"), repeat, seed
        self.art = Image.new("RGB", SHEET, "#808080")
        self.mask = Image.new("L", SHEET, 0)
        self.relief = Image.new("L", SHEET, 0)

    def _spread(self, angle: float, repeat: float) -> Image.Image:
        side = int(SHEET[0] * repeat)
        tile, sheet = self.weave.resize((side, side), Image.Resampling.LANCZOS), Image.new("RGB", (2200, 2200))
        for x in range(0, 2200, side):
            for y in range(0, 2200, side):
                sheet.paste(tile, (x, y))
        turned = sheet.rotate(angle, resample=Image.Resampling.BICUBIC)
        left, top = (2200 - SHEET[0]) // 2, (2200 - SHEET[1]) // 2
        return turned.crop((left, top, left + SHEET[0], top + SHEET[1]))

    def piece(
        self,
        points: Outline,
        *,
        angle: float = 0,
        tint: str | None = None,
        curve: bool = True,
        edge: bool = True,
        repeat: float | None = None,
    ) -> None:
        """Add one cut of cloth: printed, with a soft seam shadow around it."""
        shape = Image.new("L", SHEET, 0)
        outline = _pixels(smooth(points) if curve else points)
        ImageDraw.Draw(shape).polygon(outline, fill=255)
        shape = shape.filter(ImageFilter.GaussianBlur(1.6))
        if edge:
            shade = shape.filter(ImageFilter.GaussianBlur(9))
            self.art = Image.composite(
                ImageChops.multiply(self.art, Image.new("RGB", SHEET, "#8a8a8a")), self.art, shade
            )
        fill = Image.new("RGB", SHEET, tint) if tint else self._spread(angle, repeat or self.repeat)
        self.art.paste(fill, mask=shape)
        if edge:
            seam = ImageDraw.Draw(self.art)
            seam.line([*outline, outline[0]], fill=None, width=1)
        self.mask = ImageChops.lighter(self.mask, shape)
        self.relief = ImageChops.lighter(self.relief, shape.filter(ImageFilter.GaussianBlur(26)))

    def both(self, points: Outline, **how: object) -> None:
        self.piece(points, **how)
        angle = -float(how.pop("angle", 0))
        self.piece(_mirror(points), angle=angle, **how)

    def stitch(self, points: Outline, *, colour: str, width: int = 3, dash: int = 0) -> None:
        pen, path = ImageDraw.Draw(self.art), _pixels(points)
        if not dash:
            pen.line(path, fill=colour, width=width, joint="curve")
            return
        for (x1, y1), (x2, y2) in pairwise(path):
            length = math.hypot(x2 - x1, y2 - y1)
            for k in range(0, int(length), dash * 2):
                a, b = k / length, min(1, (k + dash) / length)
                pen.line(
                    [(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b)],
                    fill=colour,
                    width=width,
                )

    def button(self, x: float, y: float, colour: str, *, r: float = 9) -> None:
        pen, cx, cy = ImageDraw.Draw(self.art), x * SHEET[0], y * SHEET[1]
        pen.ellipse((cx - r + 2, cy - r + 3, cx + r + 2, cy + r + 3), fill="#333333")
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=colour, outline=mix(colour, "#000000", 0.3))
        for dx in (-2.5, 2.5):
            pen.ellipse((cx + dx - 1.4, cy - 1.4, cx + dx + 1.4, cy + 1.4), fill=mix(colour, "#000000", 0.6))

    def lay(self, *, height: float = 3.0, creases: float = 1.0) -> None:
        folder = FOLDER / f"garment-{self.seed}-{id(self)}.png"
        FOLDER.mkdir(exist_ok=True)
        picture = self.art.convert("RGBA")
        picture.putalpha(self.mask)
        picture.save(folder)
        across, up = 130, 150
        puff = self.relief.resize((across + 1, up + 1), Image.Resampling.BOX)
        folds = _creases(across + 1, up + 1, self.seed, creases)
        wide = height * SHEET[0] / SHEET[1]

        def shape(u: float, v: float) -> tuple[float, float, float]:
            i, j = round(u * across), up - round(v * up)
            full = puff.getpixel((i, j)) / 255
            return (
                (u - 0.5) * wide,
                (v - 0.5) * height,
                0.015 + 0.13 * full**0.7 + folds.getpixel((i, j)) / 255 * 0.16 * full,
            )

        material = fabric(image=folder, weave=120, depth=0.12)
        nodes, links = material.node_tree.nodes, material.node_tree.links
        image = next(node for node in nodes if node.type == "TEX_IMAGE")
        links.new(image.outputs["Alpha"], nodes["Principled BSDF"].inputs["Alpha"])
        grid(shape, material, steps=(across, up))


def _creases(width: int, height: int, seed: int, strength: float) -> Image.Image:
    """Draw long soft folds, mostly downwards, as worn and ironed cloth has them."""
    rng = random.Random(seed)
    field = Image.new("L", (width * 4, height * 4), 110)
    pen = ImageDraw.Draw(field)
    for _ in range(int(26 * strength)):
        x, y = rng.uniform(0, width * 4), rng.uniform(0, height * 4)
        lean, length = rng.gauss(0, 0.35), rng.uniform(0.12, 0.5) * height * 4
        tone = rng.choice([60, 75, 165, 185])
        pen.line(
            [(x, y), (x + lean * length * 0.5, y + length * 0.5), (x + lean * length * 0.7, y + length)],
            fill=tone,
            width=rng.randrange(8, 22),
        )
    field = field.filter(ImageFilter.GaussianBlur(11))
    return field.resize((width, height), Image.Resampling.BICUBIC)


def kurta(
    weave: Path,
    *,
    trim: str,
    seed: int = 1,
    repeat: float = 0.34,
    long: float = 0.97,
    sleeve: float = 0.47,
    placket: str | None = None,
    collar: bool = False,
) -> None:
    """Straight kurta for women, or (with `collar`) a men's kurta with a band collar."""
    work = Garment(weave, repeat=repeat, seed=seed)
    arm = [
        (0.335, 0.085),
        (0.335, 0.085),
        (0.2, 0.2),
        (0.115, sleeve),
        (0.115, sleeve),
        (0.205, sleeve + 0.025),
        (0.205, sleeve + 0.025),
        (0.3, 0.28),
        (0.345, 0.22),
    ]
    work.both(arm, angle=-24)
    flare = 0.045 if not collar else 0.02
    body = [
        *[(0.4, 0.055)] * 2,
        (0.33, 0.085),
        (0.315, 0.16),
        (0.325, 0.3),
        (0.31, 0.5),
        *[(0.3 - flare, long)] * 2,
        *[(0.7 + flare, long)] * 2,
        (0.69, 0.5),
        (0.675, 0.3),
        (0.685, 0.16),
        (0.67, 0.085),
        *[(0.6, 0.055)] * 2,
    ]
    work.piece([*body, (0.5, 0.075)])
    inside = mix(trim, "#000000", 0.45)
    if collar:
        work.piece(
            [(0.415, 0.075), (0.43, 0.035), (0.57, 0.035), (0.585, 0.075), (0.5, 0.088)],
            tint=mix(inside, "#ffffff", 0.2),
        )
        work.piece(
            [
                *[(0.405, 0.05)] * 2,
                *[(0.43, 0.04)] * 2,
                (0.5, 0.085),
                *[(0.57, 0.04)] * 2,
                *[(0.595, 0.05)] * 2,
                (0.5, 0.105),
            ],
            repeat=repeat,
        )
    else:
        work.piece([*[(0.41, 0.052)] * 2, *[(0.59, 0.052)] * 2, (0.565, 0.12), (0.5, 0.16), (0.435, 0.12)], tint=inside)
        neck = [(0.405, 0.05), (0.43, 0.125), (0.5, 0.17), (0.57, 0.125), (0.595, 0.05)]
        work.stitch(smooth(neck)[:42], colour=trim, width=14)
    if placket:
        top = 0.1 if collar else 0.165
        work.piece([(0.478, top), (0.522, top), (0.522, 0.36), (0.5, 0.375), (0.478, 0.36)], tint=placket, curve=False)
        for k in range(4):
            work.button(0.5, top + 0.035 + 0.055 * k, trim)
    for y in (long - 0.018, long - 0.026):
        work.stitch(
            [(0.305 - flare, y), (0.695 + flare, y)],
            colour=trim,
            width=9 if y == long - 0.018 and not collar else 3,
            dash=0 if not collar else 8,
        )
    for side in (0, 1):
        for x1, y1, x2, y2 in [(0.122, sleeve - 0.012, 0.208, sleeve + 0.012)]:
            work.stitch([(abs(side - x1), y1), (abs(side - x2), y2)], colour=trim, width=8)
        work.stitch([(abs(side - 0.305), 0.62), (abs(side - 0.275), long)], colour=mix(trim, "#000000", 0.4), width=3)
    work.lay(height=3.2)


def shirt(
    weave: Path,
    *,
    trim: str,
    buttons: str = "#f4f1ea",
    seed: int = 2,
    long_sleeve: bool = True,
    repeat: float = 0.3,
    pocket: bool = True,
) -> None:
    work = Garment(weave, repeat=repeat, seed=seed)
    cuff = 0.78 if long_sleeve else 0.4
    arm = [
        (0.3, 0.11),
        (0.3, 0.11),
        (0.15, 0.22),
        (0.06, cuff - 0.02),
        (0.06, cuff - 0.02),
        (0.17, cuff + 0.015),
        (0.17, cuff + 0.015),
        (0.25, 0.42),
        (0.3, 0.3),
    ]
    work.both(arm, angle=-14)
    body = [
        (0.41, 0.07),
        (0.41, 0.07),
        (0.3, 0.1),
        (0.265, 0.16),
        (0.275, 0.35),
        (0.265, 0.6),
        *[(0.26, 0.88)] * 2,
        (0.34, 0.915),
        (0.5, 0.93),
        (0.66, 0.915),
        *[(0.74, 0.88)] * 2,
        (0.735, 0.6),
        (0.725, 0.35),
        (0.735, 0.16),
        (0.7, 0.1),
        *[(0.59, 0.07)] * 2,
    ]
    work.piece(body)
    dark = mix(trim, "#000000", 0.5)
    work.piece([(0.42, 0.07), (0.45, 0.035), (0.55, 0.035), (0.58, 0.07), (0.5, 0.12)], tint=mix(dark, "#ffffff", 0.25))
    work.both(
        [*[(0.425, 0.05)] * 2, *[(0.5, 0.135)] * 2, *[(0.44, 0.175)] * 2, *[(0.385, 0.085)] * 2], angle=35, curve=False
    )
    work.stitch([(0.475, 0.14), (0.475, 0.925)], colour=dark, width=2)
    work.stitch([(0.525, 0.14), (0.525, 0.925)], colour=mix(trim, "#ffffff", 0.3), width=2, dash=7)
    for k in range(7):
        work.button(0.5, 0.165 + 0.112 * k, buttons)
    if pocket:
        work.piece([(0.57, 0.27), (0.68, 0.27), (0.68, 0.385), (0.625, 0.41), (0.57, 0.385)], curve=False)
        work.stitch([(0.57, 0.285), (0.68, 0.285)], colour=dark, width=2, dash=6)
    for side in (0, 1):
        work.stitch([(abs(side - 0.07), cuff - 0.075), (abs(side - 0.19), cuff - 0.045)], colour=dark, width=3)
    work.lay(height=3.0)


def tee(
    weave: Path, *, trim: str, seed: int = 3, polo: bool = False, repeat: float = 0.5, art: str | None = None
) -> None:
    work = Garment(weave, repeat=repeat, seed=seed)
    arm = [
        (0.3, 0.1),
        (0.3, 0.1),
        (0.17, 0.17),
        (0.06, 0.36),
        (0.06, 0.36),
        (0.19, 0.42),
        (0.19, 0.42),
        (0.26, 0.33),
        (0.3, 0.3),
    ]
    work.both(arm, angle=-20)
    body = [
        *[(0.39, 0.065)] * 2,
        (0.3, 0.095),
        (0.245, 0.17),
        (0.26, 0.36),
        (0.255, 0.6),
        *[(0.25, 0.93)] * 2,
        *[(0.75, 0.93)] * 2,
        (0.745, 0.6),
        (0.74, 0.36),
        (0.755, 0.17),
        (0.7, 0.095),
        *[(0.61, 0.065)] * 2,
    ]
    work.piece([*body, (0.5, 0.085)])
    inside = mix(trim, "#000000", 0.4)
    work.piece(
        [(0.4, 0.066), (0.45, 0.045), (0.55, 0.045), (0.6, 0.066), (0.56, 0.115), (0.5, 0.13), (0.44, 0.115)],
        tint=inside,
    )
    if polo:
        work.both(
            [*[(0.4, 0.05)] * 2, *[(0.5, 0.15)] * 2, *[(0.44, 0.185)] * 2, *[(0.365, 0.085)] * 2],
            tint=trim,
            curve=False,
        )
        work.piece([(0.475, 0.14), (0.525, 0.14), (0.525, 0.32), (0.475, 0.32)], curve=False)
        for k in range(3):
            work.button(0.5, 0.175 + 0.055 * k, "#f6f3ec")
    else:
        neck = [(0.395, 0.06), (0.43, 0.112), (0.5, 0.138), (0.57, 0.112), (0.605, 0.06)]
        work.stitch(smooth(neck)[:42], colour=mix(trim, "#000000", 0.12), width=20)
    if art:
        pen = ImageDraw.Draw(work.art)
        cx, cy, r = 0.5 * SHEET[0], 0.4 * SHEET[1], 150
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=art)
        for k in range(5):
            y = cy + r * (0.05 + 0.2 * k)
            pen.rectangle((cx - r - 5, y, cx + r + 5, y + 6 + 4 * k), fill=trim)
    for y in (0.905, 0.912):
        work.stitch([(0.256, y), (0.744, y)], colour=inside, width=2, dash=7)
    work.lay(height=2.8)


def trousers(weave: Path, *, trim: str, seed: int = 4, wide: float = 0.0, jeans: bool = False) -> None:
    work = Garment(weave, repeat=0.4, seed=seed)
    leg = [
        *[(0.33, 0.05)] * 2,
        (0.3 - wide * 0.2, 0.3),
        *[(0.29 - wide, 0.965)] * 2,
        *[(0.45, 0.97)] * 2,
        (0.475, 0.5),
        *[(0.497, 0.32)] * 2,
        *[(0.5, 0.05)] * 2,
    ]
    work.both(leg, angle=2)
    work.piece(
        [(0.325, 0.035), (0.675, 0.035), (0.677, 0.085), (0.323, 0.085)], curve=False, tint=None if jeans else trim
    )
    thread = "#c98a3a" if jeans else mix(trim, "#000000", 0.3)
    work.stitch([(0.5, 0.085), (0.5, 0.3)], colour=thread, width=3, dash=7)
    if jeans:
        work.stitch([(0.52, 0.09), (0.52, 0.22), (0.5, 0.27)], colour=thread, width=3, dash=7)
        for side in (0, 1):
            work.stitch(
                [(abs(side - x), y) for x, y in [(0.322, 0.16), (0.375, 0.15), (0.405, 0.09)]],
                colour=thread,
                width=4,
                dash=8,
            )
            work.stitch([(abs(side - 0.295), 0.955), (abs(side - 0.45), 0.955)], colour=thread, width=3, dash=8)
            work.piece(
                [(abs(side - x), y) for x, y in [(0.395, 0.03), (0.41, 0.03), (0.41, 0.09), (0.395, 0.09)]], curve=False
            )
        work.button(0.5, 0.06, "#b07a3c", r=13)
    else:
        for k in range(26):
            x = 0.335 + 0.33 * k / 25
            work.stitch([(x, 0.04), (x, 0.082)], colour=mix(trim, "#000000", 0.35), width=2)
    work.lay(height=3.1)


def frock(weave: Path, *, trim: str, bodice: str, seed: int = 6) -> None:
    work = Garment(weave, repeat=0.3, seed=seed)
    work.both([(0.36, 0.09), (0.28, 0.1), (0.22, 0.18), (0.27, 0.24), (0.36, 0.22)], tint=bodice)
    skirt = [
        *[(0.365, 0.4)] * 2,
        (0.27, 0.65),
        *[(0.12, 0.93)] * 2,
        (0.3, 0.965),
        (0.5, 0.975),
        (0.7, 0.965),
        *[(0.88, 0.93)] * 2,
        (0.73, 0.65),
        *[(0.635, 0.4)] * 2,
    ]
    work.piece(skirt)
    work.piece(
        [
            *[(0.42, 0.07)] * 2,
            (0.345, 0.1),
            (0.36, 0.25),
            *[(0.36, 0.415)] * 2,
            *[(0.64, 0.415)] * 2,
            (0.64, 0.25),
            (0.655, 0.1),
            *[(0.58, 0.07)] * 2,
            (0.5, 0.13),
        ],
        tint=bodice,
    )
    work.piece([(0.355, 0.39), (0.645, 0.39), (0.647, 0.43), (0.353, 0.43)], tint=trim, curve=False)
    hem = [(0.125, 0.915), (0.3, 0.948), (0.5, 0.957), (0.7, 0.948), (0.875, 0.915)]
    work.stitch(hem, colour=trim, width=22)
    for k in range(9):
        x = 0.38 + 0.03 * k
        work.stitch([(x, 0.44), (x + (k - 4) * 0.018, 0.62)], colour=mix(bodice, "#000000", 0.35), width=2)
    work.lay(height=2.6, creases=1.6)


def jacket(weave: Path, *, trim: str, buttons: str, seed: int = 7) -> None:
    """Sleeveless bandhgala jacket."""
    work = Garment(weave, repeat=0.3, seed=seed)
    body = [
        *[(0.4, 0.07)] * 2,
        (0.31, 0.1),
        (0.285, 0.2),
        (0.25, 0.3),
        (0.25, 0.6),
        *[(0.245, 0.92)] * 2,
        *[(0.755, 0.92)] * 2,
        (0.75, 0.6),
        (0.75, 0.3),
        (0.715, 0.2),
        (0.69, 0.1),
        *[(0.6, 0.07)] * 2,
    ]
    work.piece(body)
    dark = mix(trim, "#000000", 0.4)
    work.piece([(0.41, 0.08), (0.43, 0.03), (0.57, 0.03), (0.59, 0.08), (0.5, 0.1)], tint=dark)
    work.both(
        [
            *[(0.4, 0.06)] * 2,
            *[(0.425, 0.035)] * 2,
            (0.45, 0.08),
            *[(0.5, 0.115)] * 2,
            *[(0.5, 0.15)] * 2,
            (0.44, 0.115),
        ]
    )
    work.stitch([(0.5, 0.115), (0.5, 0.92)], colour=dark, width=4)
    for k in range(6):
        work.button(0.515, 0.19 + 0.115 * k, buttons, r=13)
    work.piece([(0.59, 0.33), (0.69, 0.315), (0.69, 0.345), (0.59, 0.36)], curve=False)
    for side in (0, 1):
        work.piece([(abs(side - x), y) for x, y in [(0.3, 0.66), (0.42, 0.67), (0.42, 0.7), (0.3, 0.69)]], curve=False)
    work.lay(height=2.6, creases=0.7)


# -- folded ---------------------------------------------------------------------------------------


def stack(
    weaves: Sequence[Path],
    *,
    size: tuple[float, float] = (2.2, 1.5),
    layers: int = 5,
    thick: float = 0.11,
    seed: int = 1,
    jitter: float = 0.03,
) -> None:
    """Fold cloth into a neat pile; every layer has its own print, cycling through `weaves`."""
    rng = random.Random(seed)
    wide, deep = size
    z = 0.0
    for layer in range(layers):
        corner = 0.1
        w, d = wide + rng.uniform(-jitter, jitter), deep + rng.uniform(-jitter, jitter)
        outline = _rounded_rectangle(w, d, corner)
        model = slab(
            outline, thick, fabric(image=weaves[layer % len(weaves)], weave=150, depth=0.2), bevel=thick * 0.48
        )
        place(
            model, (rng.uniform(-jitter, jitter), rng.uniform(-jitter, jitter), z), turn=(0, 0, rng.uniform(-0.8, 0.8))
        )
        z += thick * 0.985


def _rounded_rectangle(w: float, d: float, r: float) -> list[Point]:
    points = []
    for cx, cy, start in [
        (w / 2 - r, d / 2 - r, 0),
        (-w / 2 + r, d / 2 - r, 90),
        (-w / 2 + r, -d / 2 + r, 180),
        (w / 2 - r, -d / 2 + r, 270),
    ]:
        points += [
            (cx + r * math.cos(math.radians(start + a)), cy + r * math.sin(math.radians(start + a)))
            for a in range(0, 91, 15)
        ]
    return points


def saree(body: Path, pallu: Path) -> None:
    """Fold a saree into a pile and fan its pallu over the front."""
    stack([body], size=(2.3, 1.5), layers=6, thick=0.1)
    for k in range(3):
        piece = slab(_rounded_rectangle(1.05, 1.75, 0.05), 0.05, fabric(image=pallu, weave=150, depth=0.2), bevel=0.022)
        place(piece, (-0.35 + 0.24 * k, -0.12 - 0.05 * k, 0.6 + 0.045 * k), turn=(0, 0, 7 - 6 * k))


def draped(
    weave: Path,
    *,
    width: float = 2.4,
    height: float = 2.6,
    folds: int = 9,
    depth: float = 0.12,
    fringe: str | None = None,
) -> None:
    """Hang cloth in soft pleats (dupattas, curtains)."""

    def shape(u: float, v: float) -> tuple[float, float, float]:
        pleat = math.sin(u * folds * 2 * math.pi + 0.5 * math.sin(v * 3)) * depth * (0.55 + 0.45 * (1 - v))
        pleat += 0.05 * math.sin(u * 31 + v * 4)
        return ((u - 0.5) * width * (0.82 + 0.18 * (1 - v)), pleat, v * height)

    grid(shape, fabric(image=weave, weave=150, depth=0.15), steps=(260, 40))
    if fringe:
        for k in range(90):
            x = (k / 89 - 0.5) * width
            box(
                (0.012, 0.012, 0.16),
                fabric(fringe),
                (x, math.sin((k / 89) * folds * 2 * math.pi) * depth, -0.14),
                bevel=0,
            )


TURNS = 5.2


def rolled(weaves: Sequence[Path], *, radius: float = 0.32, length: float = 1.5) -> None:
    """Roll towels or mats and lie them in a row, each with its spiral end."""
    for k, weave in enumerate(weaves):

        def shape(u: float, v: float, r0: float = radius) -> tuple[float, float, float]:
            angle = u * TURNS * 2 * math.pi
            r = r0 * (0.12 + 0.88 * u)
            return (r * math.cos(angle), (v - 0.5) * length, r0 + r * math.sin(angle))

        cloth_ = grid(shape, fabric(image=weave, weave=60, depth=0.5), steps=(420, 4))
        thick = cloth_.modifiers.new("thick", "SOLIDIFY")
        thick.thickness = radius * 0.13
        row = k if k < 2 else 0.5
        place(cloth_, ((row - 0.5) * radius * 2.12, 0, 0 if k < 2 else radius * 1.78), turn=(0, 0, 0))


def cushion(
    weave: Path, *, side: float = 1.8, at: tuple[float, float, float] = (0, 0, 0), lean: float = -14, turn: float = 0
) -> None:
    def half(sign: float):
        def shape(u: float, v: float) -> tuple[float, float, float]:
            puff = (math.sin(math.pi * u) * math.sin(math.pi * v)) ** 0.42
            pull = 1 - 0.07 * math.sin(math.pi * u) - 0.0 * v
            pinch = 1 - 0.07 * math.sin(math.pi * v)
            return ((u - 0.5) * side * pinch, -sign * 0.33 * side * 0.8 * puff, (v - 0.5) * side * pull + side * 0.47)

        return shape

    for sign in (1, -1):
        place(grid(half(sign), fabric(image=weave, weave=150, depth=0.25), steps=(60, 60)), at, turn=(lean, 0, turn))


def plain(colour: str) -> Path:
    return cloth("plain", colour, colour)


def tinted(material: bpy.types.Material, colour: str) -> bpy.types.Material:
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = srgb(colour)
    return material
