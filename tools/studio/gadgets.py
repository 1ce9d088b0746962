"""Electronics, books and stationery."""

import math
import random
from pathlib import Path

from kit import (
    ball,
    box,
    cord,
    fabric,
    face,
    glass,
    glow,
    grid,
    lathe,
    metal,
    place,
    plastic,
    printed,
    ring,
    rod,
    slab,
)
from packs import carton
from prints import Label, screen
from wear import _rounded_rectangle


def phone(body: str, one: str, two: str) -> None:
    """A pair: the screen in front, the back with its cameras behind."""
    front = slab(_rounded_rectangle(0.75, 1.6, 0.11), 0.08, plastic("#101114", roughness=0.2, coat=0.8), bevel=0.03)
    art = slab(
        _rounded_rectangle(0.7, 1.55, 0.09), 0.002, printed(screen("phone", one, two), roughness=0.08, coat=1), bevel=0
    )
    back = slab(_rounded_rectangle(0.75, 1.6, 0.11), 0.08, plastic(body, roughness=0.25, coat=1), bevel=0.03)
    place(front, (-0.22, -0.35, 0.8), turn=(82, 0, -6))
    art.parent = front
    art.location = (0, 0, 0.081)
    place(back, (0.42, 0.12, 0.8), turn=(84, 0, 8))
    island = box((0.3, 0.42, 0.03), plastic(body, roughness=0.4), bevel=0.05)
    island.parent = back
    island.location = (0.16, 0.5, 0.075)
    for y in (0.1, -0.1):
        eye = lathe([(0, 0), (0.085, 0), (0.085, 0.03), (0, 0.03)], metal("#3c3d42"), radius=0.01)
        lens = lathe([(0, 0.03), (0.06, 0.03), (0.06, 0.034), (0, 0.034)], glass("#11131a"), radius=0)
        for part in (eye, lens):
            part.parent = island
            part.location = (0, y, 0.03)


def tablet(body: str, one: str, two: str) -> None:
    frame = slab(_rounded_rectangle(2.4, 1.6, 0.12), 0.08, plastic(body, roughness=0.25, coat=0.6), bevel=0.03)
    bezel = slab(_rounded_rectangle(2.34, 1.54, 0.1), 0.004, plastic("#0b0c0f", roughness=0.1), bevel=0)
    art = slab(
        _rounded_rectangle(2.2, 1.4, 0.06),
        0.002,
        printed(screen("laptop", one, two, size=(1500, 950)), roughness=0.08, coat=1),
        bevel=0,
    )
    for part, z in ((bezel, 0.08), (art, 0.085)):
        part.parent = frame
        part.location = (0, 0, z)
    place(frame, (0, 0, 0.78), turn=(72, 0, 0))
    rod(0.045, 1.5, plastic("#f4f4f2", roughness=0.3), (1.15, -0.8, 0.06), turn=(90, 0, -35))


def laptop(body: str, one: str, two: str) -> None:
    base = slab(_rounded_rectangle(3.2, 2.2, 0.14), 0.09, metal(body, roughness=0.35), bevel=0.03)
    lid = slab(_rounded_rectangle(3.2, 2.1, 0.14), 0.06, plastic("#0c0d10", roughness=0.2), bevel=0.02)
    art = slab(
        _rounded_rectangle(3.02, 1.84, 0.04),
        0.002,
        printed(screen("laptop", one, two, size=(1600, 980)), roughness=0.1, coat=1),
        bevel=0,
    )
    art.parent = lid
    art.location = (0, 0.04, 0.061)
    place(lid, (0, 1.1 + 0.36, 0.09 + 1.0), turn=(74, 0, 0))
    place(base, (0, 0, 0))
    keys(14, 5, at=(0, 0.32, 0.09), pitch=0.205, colour="#17181c")
    slab_ = slab(_rounded_rectangle(1.0, 0.62, 0.05), 0.003, metal(body, roughness=0.25), bevel=0)
    place(slab_, (0, -0.62, 0.09))


def keys(
    columns: int, rows: int, *, at: tuple[float, float, float], pitch: float, colour: str, tall: float = 0.02
) -> None:
    cap = plastic(colour, roughness=0.5)
    for j in range(rows):
        for i in range(columns):
            x, y = at[0] + (i - (columns - 1) / 2) * pitch, at[1] + ((rows - 1) / 2 - j) * pitch
            if j == rows - 1 and 3 < i < 9:
                if i == 6:
                    box((pitch * 4.85, pitch * 0.86, tall), cap, (x, y, at[2]), bevel=0.012, segments=2)
                continue
            box((pitch * 0.86, pitch * 0.86, tall), cap, (x, y, at[2]), bevel=0.012, segments=2)


def keyboard(body: str, caps: str, accent: str) -> None:
    base = slab(_rounded_rectangle(3.5, 1.35, 0.09), 0.14, plastic(body, roughness=0.4), bevel=0.04)
    place(base, (0, 0, 0), turn=(4, 0, 0))
    keys(15, 5, at=(0, 0, 0.16), pitch=0.222, colour=caps, tall=0.07)
    box((0.19, 0.19, 0.075), plastic(accent, roughness=0.5), (-1.554, 0.444, 0.16), bevel=0.012)
    box((0.19, 0.19, 0.075), plastic(accent, roughness=0.5), (1.554, -0.222, 0.16), bevel=0.012)


def mouse(colour: str, accent: str) -> None:
    def shape(u: float, v: float) -> tuple[float, float, float]:
        x, y, z = _pebble(u, v, 0.34, 0.3, 0.58, power=0.78)
        hump = 1 + 0.22 * math.sin(1.6 * y + 0.2)
        return (x * (1 - 0.1 * math.cos(2.4 * y)), y, max(z, -0.02) * hump)

    place(grid(shape, plastic(colour, roughness=0.35, coat=0.2), steps=(80, 50)), (0, 0, 0.03), turn=(0, 0, 205))
    for part in (
        ring(0.1, 0.04, plastic(accent, roughness=0.5), (0, -0.3, 0.25), turn=(0, 90, 0)),
        box((0.012, 0.46, 0.012), plastic("#0c0d0f"), (0, -0.33, 0.265), bevel=0, turn=(14, 0, 0)),
    ):
        x, y = part.location.x, part.location.y
        angle = math.radians(25)
        part.location = (
            x * math.cos(angle) - y * math.sin(angle),
            x * math.sin(angle) + y * math.cos(angle),
            part.location.z,
        )
        part.rotation_euler.z += angle


def television(one: str, two: str) -> None:
    box((5.6, 0.14, 3.2), plastic("#0d0e11", roughness=0.3), (0, 0, 0.35), bevel=0.03)
    face(5.5, 3.08, printed(screen("tv", one, two, size=(1700, 950)), roughness=0.12, coat=0.6), (0, -0.075, 1.96))
    for x in (-2, 2):
        cord(
            [(x - 0.28, -0.5, 0.02), (x - 0.05, -0.05, 0.3), (x, 0, 0.4), (x + 0.05, 0.05, 0.3), (x + 0.28, 0.5, 0.02)],
            0.035,
            plastic("#16171a"),
        )


def smartwatch(case: str, strap: str, one: str, two: str) -> None:
    body = slab(_rounded_rectangle(0.78, 0.92, 0.2), 0.2, metal(case, roughness=0.25), bevel=0.06)
    art = slab(
        _rounded_rectangle(0.68, 0.82, 0.16),
        0.004,
        printed(screen("watch", one, two, size=(800, 960)), roughness=0.06, coat=1),
        bevel=0,
    )
    art.parent = body
    art.location = (0, 0, 0.201)
    place(body, (0, -0.47, 0.92), turn=(78, 0, 0))
    crown = rod(0.07, 0.07, metal(case), (0.39, 0.1, 0.1), turn=(0, 90, 0))
    crown.parent = body

    loop = grid(
        lambda u, v: (
            (u - 0.5) * 0.58,
            0.1 + 0.62 * math.cos(math.radians(215 + 290 * v + 35)),
            0.72 + 0.7 * math.sin(math.radians(215 + 290 * v + 35)),
        ),
        plastic(strap, roughness=0.7),
        steps=(8, 90),
    )
    thick = loop.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.06


def earbuds(colour: str, accent: str) -> None:
    case = grid(lambda u, v: _pebble(u, v, 0.62, 0.36, 0.5), plastic(colour, roughness=0.22, coat=0.6), steps=(80, 40))
    place(case, (0, 0.1, 0.48), turn=(78, 0, 0))
    place(ring(0.6, 0.006, plastic(accent)), (0, 0.1, 0.66), turn=(0, 0, 0), scale=(1, 0.56, 1))
    ball(0.03, glow(accent, strength=4), (0, -0.24, 0.45))
    for x, turn in ((-0.55, -16), (0.35, 20)):
        place(ball(0.17, plastic(colour, roughness=0.22, coat=0.6)), (x, -0.75, 0.17), scale=(1, 0.85, 0.9))
        place(ball(0.1, plastic(accent, roughness=0.6)), (x - 0.11, -0.86, 0.15), scale=(1, 1, 0.9))
        place(
            rod(0.062, 0.46, plastic(colour, roughness=0.22, coat=0.6), bevel=0.05),
            (x + 0.08, -0.72, 0.1),
            turn=(66, 0, 90 + turn),
        )


def _pebble(u: float, v: float, a: float, b: float, c: float, power: float = 0.62) -> tuple[float, float, float]:
    lon, lat = 2 * math.pi * u, math.pi * (v - 0.5)

    def soft(value: float) -> float:
        return math.copysign(abs(value) ** power, value)

    return (
        a * soft(math.cos(lat)) * soft(math.cos(lon)),
        c * soft(math.cos(lat)) * soft(math.sin(lon)),
        b * soft(math.sin(lat)),
    )


def neckband(colour: str, accent: str) -> None:
    arc = [(0.95 * math.cos(math.radians(a)), 0.95 * math.sin(math.radians(a)), 0.07) for a in range(-55, 236, 12)]
    cord(arc, 0.055, plastic(colour, roughness=0.5))
    for sign in (1, -1):
        end = (sign * 0.55, -0.78)
        box(
            (0.14, 0.5, 0.13),
            plastic(colour, roughness=0.3, coat=0.4),
            (end[0] + sign * 0.02, end[1] - 0.05, 0.01),
            bevel=0.05,
            turn=(0, 0, sign * 36),
        )
        cord(
            [
                (sign * 0.42, -0.98, 0.07),
                (sign * 0.25, -1.25, 0.03),
                (sign * 0.05, -1.2, 0.03),
                (sign * 0.12, -0.85, 0.05),
                (sign * 0.24, -0.6, 0.1),
            ],
            0.018,
            plastic(colour, roughness=0.5),
        )
        ball(0.1, plastic(colour, roughness=0.3), (sign * 0.25, -0.55, 0.11))
        ball(0.065, plastic(accent, roughness=0.6), (sign * 0.29, -0.46, 0.1))


def headphones(colour: str, pad: str) -> None:
    arc = [(0.85 * math.cos(math.radians(a)), 0, 0.85 + 1.0 * math.sin(math.radians(a))) for a in range(0, 181, 12)]
    cord([(0.85, 0, 0.55), *arc, (-0.85, 0, 0.55)], 0.075, plastic(colour, roughness=0.35))
    inner = [(x * 0.9, z0, z * 0.94 + 0.01) for x, z0, z in arc[3:-3]]
    cord(inner, 0.09, fabric(pad))
    for sign in (1, -1):
        cup = lathe(
            [(0, 0), (0.42, 0), (0.46, 0.12), (0.34, 0.24), (0, 0.26)], plastic(colour, roughness=0.3, coat=0.4)
        )
        place(cup, (sign * 0.82, 0, 0.5), turn=(0, sign * 90, 0))
        place(ring(0.33, 0.13, fabric(pad)), (sign * 0.76, 0, 0.5), turn=(0, 90, 0))
        place(ring(0.2, 0.012, metal("#c9cbce")), (sign * 1.07, 0, 0.5), turn=(0, 90, 0))


def speaker(cloth_colour: str, end: str) -> None:
    body = rod(0.42, 1.9, fabric(cloth_colour, weave=60, depth=0.8), bevel=0.06)
    place(body, (-0.95, 0, 0.43), turn=(0, 90, 0))
    for x in (-0.99, 0.91):
        place(rod(0.435, 0.08, plastic(end, roughness=0.5)), (x, 0, 0.43), turn=(0, 90, 0))
    face(0.5, 0.16, plastic("#f5f5f5"), (0, -0.425, 0.43))
    cord(
        [(-0.95, 0.05, 0.84), (-0.4, 0.05, 0.95), (0.4, 0.05, 0.95), (0.95, 0.05, 0.84)],
        0.04,
        plastic(end, roughness=0.6),
    )


def power_bank(body: str, ink: str, text: Path) -> None:
    model = slab(_rounded_rectangle(0.72, 1.5, 0.1), 0.22, metal(body, roughness=0.4), bevel=0.07)
    place(model, (0, 0, 0.76), turn=(80, 0, -14))
    art = slab(_rounded_rectangle(0.5, 1.1, 0.02), 0.002, printed(text, roughness=0.4), bevel=0)
    art.parent = model
    art.location = (0, 0, 0.222)
    for k in range(4):
        dot = ball(0.018, glow(ink, strength=5))
        dot.parent = model
        dot.location = (-0.09 + 0.06 * k, 0.66, 0.222)
    cord(
        [
            (0.45, -0.2, 0.05),
            (0.9, -0.5, 0.03),
            (1.05, 0.1, 0.03),
            (0.7, 0.35, 0.03),
            (0.6, -0.1, 0.06),
            (1.1, -0.35, 0.03),
        ],
        0.028,
        plastic("#2a2b2f", roughness=0.6),
    )


def charger(colour: str, cable: str) -> None:
    box((0.62, 0.52, 0.72), plastic(colour, roughness=0.3, coat=0.3), bevel=0.11, turn=(0, 0, 24))
    for dx in (-0.1, 0.1):
        place(rod(0.035, 0.2, metal("#d6c79a")), (dx - 0.02, 0.05, 0.7))
    for k in range(2):
        place(
            box((0.16, 0.02, 0.06), plastic("#17181b"), bevel=0.02),
            (0.11 - 0.0, -0.27, 0.24 + 0.2 * k),
            turn=(0, 0, 24),
        )
    coil = [(0.95 + 0.42 * math.cos(a / 3), -0.25 + 0.42 * math.sin(a / 3), 0.035 + 0.012 * a / 3) for a in range(48)]
    cord([*coil, (1.7, -0.5, 0.08)], 0.034, fabric(cable, weave=90, depth=0.6))
    box((0.2, 0.08, 0.05), metal("#c9cbce"), (1.77, -0.53, 0.06), bevel=0.02, turn=(0, 0, -14))


def pendrive(colour: str) -> None:
    place(box((0.9, 0.36, 0.15), metal(colour, roughness=0.28), bevel=0.06), (0, 0, 0), turn=(0, 0, 28))
    place(box((0.34, 0.28, 0.09), metal("#d7d9dc", roughness=0.15), bevel=0.01), (0.54, 0.287, 0.03), turn=(0, 0, 28))
    ring(0.13, 0.02, metal("#d7d9dc"), (-0.52, -0.3, 0.02))


def bulb(tone: str) -> None:
    lathe(
        [(0, 0), (0.14, 0), (0.14, 0.22), (0.24, 0.3), (0.3, 0.62), (0.26, 0.66), (0, 0.66)],
        plastic("#f4f4f2", roughness=0.4),
        radius=0.04,
    )
    lathe([(0, 0.62), (0.29, 0.64), (0.37, 0.95), (0.28, 1.24), (0, 1.32)], glow(tone, strength=1.1), radius=0.2)
    lathe([(0, -0.18), (0.11, -0.18), (0.135, -0.12), (0.135, 0.02), (0, 0.02)], metal("#c4c6c9"), radius=0.02)


def smart_plug(colour: str) -> None:
    box((0.75, 0.55, 0.95), plastic(colour, roughness=0.3, coat=0.3), bevel=0.1, turn=(0, 0, 18))
    for dx, dz, r in ((-0.15, 0.42, 0.06), (0.15, 0.42, 0.06), (0, 0.66, 0.075)):
        hole = rod(r, 0.02, plastic("#26272b"), bevel=0.002)
        place(hole, (dx * math.cos(0.31) + 0.085, -0.275 + dx * math.sin(0.31), dz), turn=(90, 0, 18))
    ball(0.03, glow("#35c46a", strength=4), (0.35, -0.2, 0.82))


# -- books and stationery -------------------------------------------------------------------------


def book(
    front: Path,
    *,
    size: tuple[float, float, float] = (1.35, 2.0, 0.24),
    spine: str,
    turn: float = 24,
    at: tuple[float, float] = (0, 0),
) -> None:
    """A paperback that stands a little open to the viewer's left."""
    w, h, d = size
    body = box((w, d, h), plastic("#f3ecdc", roughness=0.9), bevel=0, turn=(0, 0, turn))
    place(body, (*at, 0), turn=(0, 0, turn))
    cover = plastic(spine, roughness=0.45)
    parts = [
        box((w + 0.03, 0.02, h + 0.04), cover, (-0.005, d / 2 + 0.01, -0.02), bevel=0),
        box((w + 0.03, 0.02, h + 0.04), cover, (-0.005, -d / 2 - 0.01, -0.02), bevel=0),
        box((0.02, d + 0.04, h + 0.04), cover, (-w / 2 - 0.01, 0, -0.02), bevel=0.008),
        face(w + 0.02, h + 0.03, printed(front, roughness=0.35, coat=0.2), (-0.005, -d / 2 - 0.024, h / 2)),
    ]
    for part in parts:
        part.parent = body


def book_pile(covers: list[tuple[Path, str]]) -> None:
    z = 0.0
    for index, (front, spine) in enumerate(covers[1:]):
        w, d, h = 1.5, 2.1, 0.2 + 0.05 * (index % 2)
        box(
            (w, d, h - 0.04),
            plastic("#f3ecdc", roughness=0.9),
            (0.02, 0, z + 0.02),
            bevel=0,
            turn=(0, 0, 88 + 5 * index),
        )
        box((w + 0.04, d + 0.04, 0.02), plastic(spine), (0, 0, z), bevel=0, turn=(0, 0, 88 + 5 * index))
        lid = box(
            (w + 0.04, d + 0.04, 0.02), plastic(spine), (0, 0, z + h - 0.02), bevel=0, turn=(0, 0, 88 + 5 * index)
        )
        face(w, d, printed(front), (0, 0, 0.022), turn=(0, 0, 0)).parent = lid
        box((0.03, d + 0.04, h), plastic(spine), (0, -0.76, z), bevel=0.01, turn=(0, 0, 88 + 5 * index))
        z += h
    front, spine = covers[0]
    place(box((1.35, 0.2, 2.0), plastic(spine), bevel=0.01), (0, 0.95, 0), turn=(8, 0, 0))


def notebooks(covers: list[Path], *, spines: list[str], spiral: bool = False) -> None:
    for k, front in enumerate(covers):
        book(
            front, size=(1.4, 1.9, 0.13), spine=spines[k % len(spines)], turn=16 - 3 * k, at=(-0.5 + 0.52 * k, 0.34 * k)
        )
        if spiral:
            for j in range(18):
                ring(
                    0.075,
                    0.014,
                    metal("#b9bbbf"),
                    (-0.5 + 0.52 * k - 0.7 * math.cos(math.radians(16)), 0.34 * k - 0.22, 0.12 + 0.1 * j),
                    turn=(0, 0, 0),
                )


def pens(bodies: list[str], *, ink: str = "#1b2a6b") -> None:
    for k, colour in enumerate(bodies):
        x = (k - (len(bodies) - 1) / 2) * 0.2
        parts = [
            rod(0.055, 1.15, plastic(colour, roughness=0.25, coat=0.5), (0, 0, 0)),
            lathe([(0, -0.2), (0.012, -0.2), (0.055, 0.0), (0, 0)], metal("#c9cbce"), radius=0),
            lathe(
                [(0, 0.62), (0.068, 0.62), (0.068, 1.22), (0, 1.24)],
                plastic(ink if k % 2 else colour, roughness=0.25),
                radius=0.02,
            ),
            box((0.035, 0.03, 0.5), metal("#d5d7da"), (0, -0.085, 0.66), bevel=0.01),
        ]
        for part in parts[1:]:
            part.parent = parts[0]
        place(parts[0], (x, 0.5 - 0.02 * k, 0.07), turn=(90, 0, 8 - 3 * k))


def pencils(colours: list[str], *, cup: str = "#e7dcc8") -> None:
    """Pencils or crayons in a cup."""
    lathe(
        [(0, 0), (0.4, 0), (0.42, 1.0), (0.38, 1.0), (0.36, 0.05), (0, 0.05)], plastic(cup, roughness=0.6), radius=0.03
    )
    rng = random.Random(4)
    for k, colour in enumerate(colours):
        angle = 2 * math.pi * k / len(colours)
        lean_x, lean_y = 9 * math.cos(angle), 9 * math.sin(angle)
        tall = 1.45 + rng.uniform(-0.08, 0.12)
        stem = lathe([(0, 0), (0.06, 0), (0.06, tall), (0, tall)], plastic(colour, roughness=0.35), radius=0, sides=6)
        tip = lathe([(0.06, 0), (0.022, 0.15), (0, 0.15)], plastic("#e8c596", roughness=0.8), radius=0, sides=24)
        lead = lathe([(0.022, 0.15), (0, 0.22)], plastic(colour, roughness=0.6), radius=0, sides=16)
        for part in (tip, lead):
            part.parent = stem
            part.location = (0, 0, tall)
        place(stem, (0.22 * math.cos(angle), 0.22 * math.sin(angle), 0.06), turn=(-lean_y, lean_x, 0))


def crayons(label: Label, colours: list[str], *, side: str) -> None:
    carton(label, (1.7, 0.35, 1.15), side=side, at=(0, 0.2, 0), turn=0)
    for k, colour in enumerate(colours):
        x = (k - (len(colours) - 1) / 2) * 0.155
        stick = rod(
            0.062, 0.95, plastic(colour, roughness=0.6), (x, -0.28, 0.064), turn=(90, 0, 4 * math.sin(k)), bevel=0.01
        )
        point = lathe([(0.05, 0), (0.02, 0.14), (0, 0.14)], plastic(colour, roughness=0.6), radius=0, sides=24)
        point.parent = stick
        point.location = (0, 0, 0.95)


def football_panels(radius: float, light: str, dark: str) -> None:
    """A ball with twelve dark pentagons: the sphere is coloured face by face."""
    golden = (1 + 5**0.5) / 2
    tips = [(a, b, 0.0) for a in (-1, 1) for b in (-golden, golden)]
    tips = [p for x, y, z in tips for p in ((x, y, z), (z, x, y), (y, z, x))]
    long = math.sqrt(1 + golden**2)
    ball(radius, plastic(light, roughness=0.35, coat=0.3), (0, 0, radius))

    def pentagon(u: float, v: float, reach: float, lift: float) -> tuple[float, float, float]:
        turn = 2 * math.pi * u
        corner = math.cos(math.pi / 5) / math.cos((turn % (2 * math.pi / 5)) - math.pi / 5)
        angle = math.radians(reach) * corner * v
        r = radius * lift
        return (r * math.sin(angle) * math.cos(turn), r * math.sin(angle) * math.sin(turn), r * math.cos(angle))

    for x, y, z in tips:
        for reach, lift, colour in ((24, 1.003, "#c3c7ce"), (22.5, 1.006, dark)):
            look = plastic(colour, roughness=0.35, coat=0.3)
            patch = grid(lambda u, v, r=reach, k=lift: pentagon(u, v, r, k), look, steps=(100, 10))
            _aim(patch, (x / long, y / long, z / long), (0, 0, radius))


def _aim(model: object, direction: tuple[float, float, float], at: tuple[float, float, float]) -> None:
    from mathutils import Vector

    model.location = at
    model.rotation_euler = Vector(direction).to_track_quat("Z", "Y").to_euler()
