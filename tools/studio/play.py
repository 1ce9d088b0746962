"""Sports goods and toys."""

import math
import random

from kit import (
    ball,
    box,
    circle,
    cord,
    fabric,
    face,
    grain,
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
from packs import pillow, print_for
from prints import Label
from wear import _rounded_rectangle

WOOD = ("#d9b27c", "#b98a52")


def cricket_bat(label: Label, grip: str) -> None:
    outline = [*_rounded_rectangle(0.52, 2.5, 0.12)]
    blade = slab(outline, 0.2, grain("#ead2a4", "#d3b078", scale=2.2, roughness=0.4), bevel=0.07)
    art = slab(
        _rounded_rectangle(0.46, 0.95, 0.05), 0.002, printed(print_for(label, 0.46, 0.95), roughness=0.35), bevel=0
    )
    art.parent = blade
    art.location = (0, 0.45, 0.201)
    handle = rod(0.085, 1.15, fabric(grip, weave=30, depth=2), (0, 1.2, 0.1), turn=(-90, 0, 0))
    handle.parent = blade
    place(blade, (0, 0, 1.3), turn=(76, 14, 0))
    place(ball(0.2, fabric("#a3161f", weave=60, depth=0.2)), (0.85, -0.35, 0.2))
    place(ring(0.2, 0.016, fabric("#f3ead8")), (0.85, -0.35, 0.2), turn=(70, 20, 0))


def cricket_balls(colour: str, count: int = 3) -> None:
    for k in range(count):
        x, y = ((-0.42, 0), (0.42, 0.05), (0.0, -0.6))[k]
        place(ball(0.37, plastic(colour, roughness=0.3, coat=0.4)), (x, y, 0.37))
        for off in (-0.05, 0.0, 0.05):
            place(
                ring(0.366, 0.012, fabric("#f1e7d0", weave=40, depth=2)),
                (x + off * 0.7, y, 0.37 + off),
                turn=(64, 18 + 20 * k, 0),
            )


def badminton(frame: str, strings: str) -> None:
    for k in range(2):
        holder = rod(0.045, 1.35, fabric("#1a1b1f", weave=50, depth=1), (0, 0, 0))
        shaft = rod(0.02, 1.2, metal("#9aa0a8"), (0, 0, 1.3))
        head = ring(
            0.62,
            0.03,
            plastic(frame if k == 0 else strings, roughness=0.25, coat=0.6),
            (0, 0, 3.22),
            turn=(90, 0, 0),
            scale=(0.82, 1.0, 1),
        )
        parts = [shaft, head]
        for n in range(-7, 8):
            t = n / 8
            long = math.sqrt(1 - t * t) * 0.62
            parts.append(rod(0.005, long * 2, plastic("#f6f6f2"), (0.51 * t, 0, 3.22 - long), bevel=0))
            parts.append(
                rod(
                    0.005,
                    long * 2 * 0.82,
                    plastic("#f6f6f2"),
                    (-long * 0.82, 0, 3.22 + 0.62 * t),
                    turn=(0, 90, 0),
                    bevel=0,
                )
            )
        for part in parts:
            part.parent = holder
        place(holder, (-0.5 + 1.0 * k, 0.25 * k, 0.04), turn=(-6, 17 - 34 * k, 0))
    for x, turn in ((0.0, 100), (0.75, 60)):
        shuttle(at=(x, -0.85, 0.14), turn=turn)


def shuttle(*, at: tuple[float, float, float], turn: float) -> None:
    cork = ball(0.12, plastic("#f4f0e4", roughness=0.6))
    skirt = lathe([(0.11, 0), (0.3, 0.62)], plastic("#fbfaf5", roughness=0.6), radius=0, sides=16)
    parts = [skirt, ring(0.115, 0.012, plastic("#2e7d4f"), (0, 0, 0.03))]
    for k in range(14):
        a = 2 * math.pi * k / 14
        parts.append(
            cord(
                [
                    (0.11 * math.cos(a), 0.11 * math.sin(a), 0),
                    (0.21 * math.cos(a), 0.21 * math.sin(a), 0.31),
                    (0.3 * math.cos(a), 0.3 * math.sin(a), 0.64),
                ],
                0.018,
                plastic("#fbfaf5"),
            )
        )
    for part in parts:
        part.parent = cork
    place(cork, at, turn=(0, turn, -20))


def yoga_mat(colour: str, under: str) -> None:
    def shape(u: float, v: float) -> tuple[float, float, float]:
        s = u * 11
        if s < 4.2:
            return (4.2 - s - 1.0, (v - 0.5) * 1.7, 0.03)
        angle = (s - 4.2) * 3.1
        r = 0.34 - 0.011 * angle
        return (-1.0 - r * math.sin(angle), (v - 0.5) * 1.7, 0.37 - r * math.cos(angle))

    mat = grid(shape, fabric(colour, weave=50, depth=0.6), steps=(420, 3))
    thick = mat.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.045
    box((0.6, 0.24, 0.16), plastic(under, roughness=0.8), (1.6, -0.3, 0.06), bevel=0.03, turn=(0, 0, 16))


def dumbbells(colour: str) -> None:
    for k in range(2):
        bar = rod(0.085, 0.95, metal("#b9bcc0", roughness=0.25))
        for z in (0.0, 0.72):
            head = lathe(
                [(0, z - 0.1), (0.3, z - 0.1), (0.34, z - 0.04), (0.34, z + 0.28), (0.3, z + 0.34), (0, z + 0.34)],
                plastic(colour, roughness=0.45),
                radius=0.03,
                sides=6,
            )
            for face_ in head.data.polygons:
                face_.use_smooth = False
            head.parent = bar
        place(bar, (-0.6, 0.5 - 0.85 * k, 0.3), turn=(0, 90, 22 - 8 * k))


def kettlebell(colour: str, band: str) -> None:
    lathe(
        [(0, 0), (0.42, 0), (0.68, 0.25), (0.72, 0.6), (0.5, 0.98), (0, 1.06)],
        plastic(colour, roughness=0.5),
        radius=0.2,
    )
    cord(
        [
            (-0.34, 0, 0.9),
            (-0.5, 0, 1.25),
            (-0.36, 0, 1.62),
            (0, 0, 1.7),
            (0.36, 0, 1.62),
            (0.5, 0, 1.25),
            (0.34, 0, 0.9),
        ],
        0.1,
        plastic(colour, roughness=0.45),
    )
    for sign in (1, -1):
        place(ring(0.1, 0.04, plastic(band)), (sign * 0.44, 0, 1.12), turn=(0, sign * -14, 0))


def skipping_rope(colour: str) -> None:
    points = [(0.9 * math.cos(a / 4), 0.62 * math.sin(a / 4) + 0.1, 0.04 + 0.02 * (a / 25)) for a in range(78)]
    cord(
        [(-1.3, -0.62, 0.12), (-0.6, -0.75, 0.05), *points, (0.9, -0.7, 0.05), (1.2, -0.85, 0.12)],
        0.035,
        plastic(colour, roughness=0.4),
    )
    for x, y, turn in ((-1.95, -0.55, 84), (1.2, -0.85, 98)):
        place(rod(0.085, 0.72, grain(*WOOD)), (x, y, 0.1), turn=(0, 90, turn - 90))


def resistance_bands(colours: list[str]) -> None:
    for k, colour in enumerate(colours):
        r = 0.75 - 0.05 * k
        band = lathe(
            [(r, 0), (r, 0.34), (r - 0.03, 0.34), (r - 0.03, 0), (r, 0)], plastic(colour, roughness=0.55), radius=0
        )
        place(band, (-0.9 + 0.46 * k, 0.22 * math.sin(k * 1.7), 0.0), scale=(0.62, 0.9, 1))


def carrom() -> None:
    board = box((3.4, 3.4, 0.12), grain("#f0d9a8", "#e3c48b", scale=0.6), bevel=0.01)
    parts = []
    for dx, dy in ((0, 1.8), (0, -1.8), (1.8, 0), (-1.8, 0)):
        parts.append(
            box((0.2 if dx else 3.8, 0.2 if dy else 3.8, 0.3), grain("#5a3319", "#3a1f0e"), (dx, dy, 0), bevel=0.04)
        )
    for sx in (1, -1):
        for sy in (1, -1):
            parts.append(rod(0.16, 0.004, plastic("#15110d"), (sx * 1.54, sy * 1.54, 0.12)))
    for r in (0.62, 0.2):
        parts.append(ring(r, 0.01, plastic("#2b2320"), (0, 0, 0.121)))
    for turn in range(4):
        a = math.radians(90 * turn)
        for off in (1.12, 1.26):
            parts.append(
                box(
                    (2.1, 0.015, 0.002),
                    plastic("#7a1f1f"),
                    (-off * math.sin(a), off * math.cos(a), 0.121),
                    bevel=0,
                    turn=(0, 0, 90 * turn),
                )
            )
    spots = (
        [(0, 0)]
        + [(0.3 * math.cos(math.radians(60 * k)), 0.3 * math.sin(math.radians(60 * k))) for k in range(6)]
        + [(0.55 * math.cos(math.radians(30 * k)), 0.55 * math.sin(math.radians(30 * k))) for k in range(12)]
    )
    for k, (x, y) in enumerate(spots):
        tone = "#b3261e" if k == 0 else ("#f5e7c3", "#2a211c")[k % 2]
        parts.append(place(rod(0.125, 0.09, plastic(tone, roughness=0.3)), (x, y, 0.122)))
    parts.append(place(rod(0.17, 0.1, plastic("#f2efe6", roughness=0.15)), (0.6, -1.19, 0.122)))
    for part in parts:
        part.parent = board
    place(board, (0, 0, 0))


def stumps(tone: str = "#e2bd85") -> None:
    for k in range(3):
        place(
            lathe([(0, 0), (0.1, 0), (0.1, 2.6), (0.07, 2.72), (0, 2.72)], grain(tone, "#c3935a"), radius=0.03),
            (-0.42 + 0.42 * k, 0, 0.12),
        )
    for k in range(2):
        place(
            lathe(
                [(0, 0), (0.035, 0), (0.06, 0.1), (0.035, 0.2), (0.035, 0.36), (0, 0.36)],
                grain(tone, "#c3935a"),
                radius=0.02,
            ),
            (-0.4 + 0.42 * k, 0, 2.88),
            turn=(0, 90, 0),
        )
    box((1.5, 0.3, 0.14), plastic("#1d1f24", roughness=0.5), bevel=0.04)


def gym_bag(colour: str, trim: str) -> None:
    body = grid(
        lambda u, v: (
            (v - 0.5) * 2.6,
            0.62 * math.cos(2 * math.pi * u) * _end(v),
            0.62 + 0.6 * math.sin(2 * math.pi * u) * _end(v),
        ),
        fabric(colour, weave=110, depth=0.3),
        steps=(90, 70),
    )
    del body
    for x in (-0.62, 0.62):
        cord(
            [(x, -0.64, 0.2), (x, -0.6, 0.9), (x * 0.8, -0.35, 1.5), (x * 0.5, -0.2, 1.72), (-x * 0.0, -0.2, 1.76)],
            0.05,
            fabric(trim),
        )
        place(ring(0.63, 0.03, fabric(trim), (x, 0, 0.62), turn=(0, 90, 0)), (x, 0, 0.62), turn=(0, 90, 0))
    cord([(-0.62, -0.2, 1.6), (-0.3, -0.2, 1.76), (0.3, -0.2, 1.76), (0.62, -0.2, 1.6)], 0.055, fabric(trim))
    box((2.2, 0.03, 0.03), metal("#c9cbce"), (0, -0.05, 1.215), bevel=0.01)


def _end(v: float) -> float:
    return max(0.0, 1 - abs(2 * v - 1) ** 9) ** 0.5


# -- toys -----------------------------------------------------------------------------------------


def ring_stack(colours: list[str]) -> None:
    lathe([(0, 0), (0.75, 0), (0.75, 0.12), (0.12, 0.14), (0.09, 1.75), (0, 1.8)], grain(*WOOD), radius=0.05)
    z = 0.3
    for k, colour in enumerate(colours):
        r = 0.5 - 0.062 * k
        ring(r, 0.19, plastic(colour, roughness=0.3, coat=0.4), (0, 0, z), scale=(1, 1, 0.9))
        z += 0.3
    ball(0.2, plastic(colours[0], roughness=0.3, coat=0.4), (0, 0, z + 0.05))


def blocks(colours: list[str]) -> None:
    rng = random.Random(3)
    spots = [
        (-0.62, 0, 0),
        (0, 0, 0),
        (0.62, 0.02, 0),
        (-0.32, 0.0, 0.56),
        (0.32, 0.02, 0.56),
        (0.0, 0.0, 1.12),
        (1.05, -0.55, 0),
        (-1.05, -0.5, 0),
    ]
    for k, at in enumerate(spots):
        box(
            (0.55, 0.55, 0.55),
            plastic(colours[k % len(colours)], roughness=0.45),
            at,
            bevel=0.05,
            turn=(0, 0, rng.uniform(-12, 12)),
        )
    arch = slab(
        [
            (-0.5, 0),
            *[(0.3 * math.cos(math.radians(a)), 0.3 * math.sin(math.radians(a))) for a in range(180, -1, -15)],
            (0.5, 0),
            (0.5, 0.55),
            (-0.5, 0.55),
        ],
        0.5,
        grain(*WOOD),
        bevel=0.03,
    )
    place(arch, (0.1, -0.55, 0), turn=(90, 0, -8))


def teddy(colour: str, muzzle: str, bow: str) -> None:
    fur, pale = fabric(colour, weave=26, depth=3), fabric(muzzle, weave=26, depth=2.4)
    place(ball(0.68, fur), (0, 0, 0.72), scale=(1, 0.9, 1.05))
    place(ball(0.4, pale), (0, -0.34, 0.7), scale=(1, 0.75, 1.1))
    place(ball(0.56, fur), (0, -0.05, 1.75), scale=(1.08, 0.95, 1))
    place(ball(0.26, pale), (0, -0.5, 1.62), scale=(1.1, 0.8, 0.85))
    place(ball(0.09, plastic("#22181a", roughness=0.2, coat=1)), (0, -0.71, 1.7), scale=(1.25, 0.8, 0.85))
    for sign in (1, -1):
        place(ball(0.2, fur), (sign * 0.47, 0, 2.17), scale=(1, 0.6, 1))
        place(ball(0.13, pale), (sign * 0.47, -0.08, 2.16), scale=(1, 0.5, 1))
        place(ball(0.065, plastic("#141012", roughness=0.08, coat=1)), (sign * 0.22, -0.54, 1.88))
        arm = place(ball(0.26, fur), (sign * 0.68, -0.24, 0.98), scale=(0.8, 0.85, 1.75))
        arm.rotation_euler = (0.5, sign * -0.5, 0)
        leg = place(ball(0.32, fur), (sign * 0.48, -0.62, 0.3), scale=(0.9, 1.55, 0.9))
        leg.rotation_euler = (0, 0, sign * 0.3)
        place(ball(0.2, pale), (sign * 0.6, -1.06, 0.32), scale=(1, 0.35, 1.1))
        place(ball(0.2, fabric(bow, weave=100)), (sign * 0.2, -0.52, 1.28), scale=(1.1, 0.45, 0.75))
    place(ball(0.09, fabric(bow, weave=100)), (0, -0.58, 1.28))


def train(colours: list[str]) -> None:
    def wheels(x: float, r: float = 0.17) -> None:
        for dx in (-0.28, 0.28):
            for sign in (1, -1):
                place(
                    rod(r, 0.09, plastic(colours[2], roughness=0.4)), (x + dx, sign * 0.36 + 0.045, r), turn=(90, 0, 0)
                )

    box((1.15, 0.6, 0.16), grain(*WOOD), (-1.1, 0, 0.22), bevel=0.03)
    place(rod(0.25, 0.68, plastic(colours[0], roughness=0.35)), (-1.66, 0, 0.62), turn=(0, 90, 0))
    box((0.46, 0.56, 0.72), plastic(colours[1], roughness=0.35), (-0.77, 0, 0.38), bevel=0.04)
    box((0.58, 0.66, 0.09), plastic(colours[0], roughness=0.35), (-0.77, 0, 1.1), bevel=0.03)
    lathe(
        [(0, 0), (0.08, 0), (0.08, 0.2), (0.14, 0.34), (0, 0.34)], plastic(colours[2], roughness=0.35), radius=0.02
    ).location = (-1.45, 0, 0.84)
    wheels(-1.1, 0.2)
    for k in range(2):
        x = 0.3 + 1.25 * k
        box((1.0, 0.6, 0.16), grain(*WOOD), (x, 0, 0.2), bevel=0.03)
        box((0.86, 0.5, 0.3), plastic(colours[(k + 1) % 3], roughness=0.4), (x, 0, 0.36), bevel=0.04)
        for n in range(3):
            ball(0.15, plastic(colours[(k + n) % 3], roughness=0.3, coat=0.3), (x - 0.27 + 0.27 * n, 0, 0.72))
        wheels(x)
        place(rod(0.03, 0.3, plastic("#30343a")), (x - 0.78, 0, 0.28), turn=(0, 90, 0))


def spinning_tops(colours: list[str]) -> None:
    for k, colour in enumerate(colours):
        top = lathe(
            [
                (0, 0),
                (0.03, 0.02),
                (0.05, 0.16),
                (0.42, 0.62),
                (0.44, 0.74),
                (0.2, 0.86),
                (0.1, 0.88),
                (0.08, 1.12),
                (0, 1.14),
            ],
            plastic(colour, roughness=0.2, coat=0.7),
            radius=0.05,
        )
        for z, r in ((0.66, 0.445), (0.5, 0.335)):
            ring(r - 0.01, 0.022, plastic("#f5e7c3"), (0, 0, z)).parent = top
        place(top, (-0.95 + 0.95 * k, 0.2 * (k % 2), 0.02), turn=(10, -12 + 12 * k, 0))
    cord(
        [(1.3 + 0.3 * math.cos(a / 2), -0.5 + 0.25 * math.sin(a / 2), 0.03 + 0.01 * a / 4) for a in range(34)],
        0.022,
        fabric("#f3efe4"),
    )


def rattle(colours: list[str]) -> None:
    handle = rod(0.09, 0.9, grain(*WOOD), bevel=0.08)
    parts = [
        ball(0.34, plastic(colours[0], roughness=0.3, coat=0.5), (0, 0, 1.15)),
        ring(0.345, 0.05, plastic(colours[1], roughness=0.3), (0, 0, 1.15)),
        ring(0.19, 0.06, plastic(colours[2], roughness=0.3), (0, 0, -0.12), turn=(90, 0, 0)),
    ]
    for part in parts:
        part.parent = handle
    place(handle, (-0.55, -0.3, 0.35), turn=(0, 74, 26))
    ring(0.42, 0.11, plastic(colours[1], roughness=0.4), (0.75, 0.62, 0.11))
    for k in range(7):
        a = 2 * math.pi * k / 7
        ball(
            0.14,
            plastic(colours[k % 3], roughness=0.3, coat=0.4),
            (0.75 + 0.42 * math.cos(a), 0.62 + 0.42 * math.sin(a), 0.15),
        )


def feeding_bottle(ring_colour: str, teat: str) -> None:
    lathe([(0, 0), (0.33, 0), (0.35, 0.1), (0.335, 0.82), (0, 0.82)], plastic("#fdf8ee", roughness=0.08, coat=1))
    lathe([(0, 0.8), (0.335, 0.8), (0.35, 1.25), (0.28, 1.38), (0, 1.38)], plastic("#d5e2e8", roughness=0.08, coat=1))
    lathe([(0, 1.36), (0.34, 1.36), (0.34, 1.58), (0.2, 1.62), (0, 1.62)], plastic(ring_colour, roughness=0.3))
    lathe([(0, 1.6), (0.22, 1.6), (0.2, 1.72), (0.09, 1.86), (0.08, 2.0), (0, 2.04)], plastic(teat, roughness=0.35))
    for k in range(6):
        face(0.14 if k % 2 else 0.22, 0.02, plastic(ring_colour), (0.12, -0.345, 0.25 + 0.16 * k))


def diapers(label: Label, *, colour: str) -> None:
    pillow(label, width=1.9, height=2.2, depth=1.0)
    place(box((1.0, 0.75, 0.2), fabric(colour, weave=60, depth=0.5), bevel=0.09), (1.2, -0.75, 0), turn=(0, 0, 18))


def dice(colour: str, dot: str, *, at: tuple[float, float, float], turn: float) -> None:
    body = box((0.28, 0.28, 0.28), plastic(colour, roughness=0.25, coat=0.5), bevel=0.05)
    for dx, dy in ((-0.07, -0.07), (0.07, 0.07), (0, 0)):
        rod(0.028, 0.006, plastic(dot), (dx, dy, 0.278)).parent = body
        place(rod(0.028, 0.006, plastic(dot)), (dx, -0.138, 0.14 + dy), turn=(90, 0, 0)).parent = body
    place(body, at, turn=(0, 0, turn))


def board_game(lid: Label, *, side: str, tokens: list[str]) -> None:
    body = box((2.2, 0.3, 2.2), plastic(side, roughness=0.5), bevel=0.02)
    face(2.18, 2.18, printed(print_for(lid, 2.2, 2.2), roughness=0.4), (0, -0.153, 1.1)).parent = body
    place(body, (0, 0.4, 0), turn=(-9, 0, 8))
    for k, tone in enumerate(tokens):
        pawn = lathe(
            [(0, 0), (0.14, 0), (0.13, 0.05), (0.05, 0.26), (0, 0.28)],
            plastic(tone, roughness=0.25, coat=0.4),
            radius=0.02,
        )
        top = ball(0.085, plastic(tone, roughness=0.25, coat=0.4), (0, 0, 0.31))
        top.parent = pawn
        place(pawn, (-1.0 + 0.36 * k, -0.65 + 0.14 * (k % 2), 0))
    dice("#f7f4ec", "#17181b", at=(0.72, -0.62, 0), turn=24)


def jigsaw(lid: Label, *, side: str, colours: list[str]) -> None:
    body = box((2.4, 0.42, 1.8), plastic(side, roughness=0.5), bevel=0.02)
    face(2.38, 1.78, printed(print_for(lid, 2.4, 1.8), roughness=0.4), (0, -0.213, 0.9)).parent = body
    place(body, (0, 0.4, 0), turn=(-7, 0, -8))
    for k, tone in enumerate(colours):
        core = _rounded_rectangle(0.4, 0.4, 0.04)
        tile = slab(core, 0.05, plastic(tone, roughness=0.5), bevel=0.01)
        knob = place(rod(0.075, 0.05, plastic(tone, roughness=0.5)), (0, 0.24, 0))
        side_knob = place(rod(0.075, 0.05, plastic(tone, roughness=0.5)), (0.24, 0, 0))
        for part in (knob, side_knob):
            part.parent = tile
        place(tile, (-1.0 + 0.52 * k, -0.8 + 0.16 * (k % 3), 0), turn=(0, 0, 37 * k))


def hoop(radius: float, colour: str) -> None:
    cord(circle(radius), 0.03, plastic(colour), closed=True)
