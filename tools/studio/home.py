"""Kitchen, home, garden and pooja."""

import math
import random

from kit import (
    ball,
    box,
    circle,
    cord,
    fabric,
    face,
    glow,
    grain,
    grid,
    lathe,
    metal,
    place,
    plastic,
    printed,
    ring,
    rod,
)
from packs import print_for
from prints import Label, screen

STEEL = "#cfd2d6"


def _handle(
    at: tuple[float, float, float], *, length: float = 0.9, turn: float = 0, colour: str = "#17181b", thick: float = 0.1
) -> None:
    place(
        box((length, thick * 1.5, thick), plastic(colour, roughness=0.4), bevel=thick * 0.4),
        (at[0] + length / 2 * math.cos(math.radians(turn)), at[1] + length / 2 * math.sin(math.radians(turn)), at[2]),
        turn=(0, 0, turn),
    )


def pressure_cooker(body: str = STEEL, *, radius: float = 1.0, height: float = 1.05, lid: str = STEEL) -> None:
    lathe(
        [
            (0, 0),
            (radius * 0.95, 0),
            (radius, 0.12),
            (radius, height),
            (radius * 1.04, height + 0.02),
            (0, height + 0.02),
        ],
        metal(body, roughness=0.2),
    )
    lathe(
        [
            (0, height),
            (radius * 1.05, height),
            (radius * 1.05, height + 0.1),
            (radius * 0.8, height + 0.22),
            (0.2, height + 0.27),
            (0, height + 0.27),
        ],
        metal(lid, roughness=0.18),
    )
    _handle((radius * 0.94, -0.1, height - 0.14), length=1.35, turn=-12, thick=0.15)
    _handle((radius * 0.55, -0.06, height + 0.2), length=1.7, turn=-12, thick=0.13)
    _handle((-radius * 0.95, 0.12, height - 0.16), length=0.4, turn=168, thick=0.15)
    lathe(
        [
            (0, height + 0.25),
            (0.1, height + 0.25),
            (0.1, height + 0.36),
            (0.14, height + 0.38),
            (0.14, height + 0.6),
            (0, height + 0.62),
        ],
        metal("#a8abb0", roughness=0.3),
        radius=0.03,
    )
    place(rod(0.07, 0.14, plastic("#b3261e", roughness=0.5)), (-0.5, -0.32, height + 0.2))


def kadai(body: str, inside: str = "#2a2b2e", *, wooden: bool = False) -> None:
    lathe(
        [(0, 0), (0.45, 0), (0.9, 0.25), (1.15, 0.62), (1.2, 0.64), (1.14, 0.66), (0.86, 0.3), (0.42, 0.06), (0, 0.06)],
        metal(body, roughness=0.3),
    )
    lathe([(0, 0.075), (0.42, 0.075), (0.855, 0.315), (1.12, 0.645)], plastic(inside, roughness=0.35, coat=0.3))
    for sign in (1, -1):
        arc = [
            (
                sign * (1.12 + 0.32 * math.sin(math.radians(a))),
                0.34 * math.cos(math.radians(a)),
                0.6 + 0.05 * math.sin(math.radians(a)),
            )
            for a in range(0, 181, 15)
        ]
        cord(arc, 0.06, grain("#9a6b3d", "#5f3c1d") if wooden else metal("#b8babd"))


def tawa(colour: str) -> None:
    lathe(
        [(0, 0), (1.05, 0), (1.25, 0.1), (1.26, 0.13), (1.05, 0.05), (0, 0.05)],
        plastic(colour, roughness=0.45, coat=0.2),
        radius=0.04,
    )
    _handle((1.18, 0, 0.1), length=1.4, turn=-28, thick=0.12, colour="#1b1c1f")
    ring(0.09, 0.02, metal(), (1.18 + 1.48 * math.cos(math.radians(-28)), 1.48 * math.sin(math.radians(-28)), 0.15))


def tiffin(colour: str = STEEL, *, tiers: int = 3) -> None:
    for tier in range(tiers):
        z = tier * 0.5
        lathe(
            [(0, z), (0.52, z), (0.55, z + 0.06), (0.55, z + 0.42), (0.58, z + 0.44), (0.58, z + 0.5), (0, z + 0.5)],
            metal(colour, roughness=0.14),
            radius=0.03,
        )
    top = tiers * 0.5
    lathe(
        [(0, top), (0.57, top), (0.57, top + 0.08), (0.45, top + 0.16), (0, top + 0.17)], metal(colour, roughness=0.12)
    )
    for sign in (1, -1):
        box((0.05, 0.16, top + 0.1), metal(colour, roughness=0.2), (sign * 0.6, 0, 0.02), bevel=0.01)
    cord(
        [
            (-0.6, 0, top + 0.1),
            (-0.6, 0, top + 0.32),
            (-0.3, 0, top + 0.46),
            (0.3, 0, top + 0.46),
            (0.6, 0, top + 0.32),
            (0.6, 0, top + 0.1),
        ],
        0.045,
        metal(colour),
    )


def masala_box(colour: str = STEEL) -> None:
    lathe(
        [(0, 0), (1.1, 0), (1.13, 0.1), (1.13, 0.45), (1.1, 0.45), (1.07, 0.06), (0, 0.06)],
        metal(colour, roughness=0.16),
        radius=0.04,
    )
    spices = ["#d9a400", "#b3261e", "#7b5a2e", "#c9b48a", "#5a3a1c", "#8a8f3a", "#e5ddc8"]
    spots = [(0, 0)] + [(0.7 * math.cos(math.radians(60 * k)), 0.7 * math.sin(math.radians(60 * k))) for k in range(6)]
    for (x, y), tone in zip(spots, spices, strict=True):
        cup = lathe(
            [(0, 0.07), (0.31, 0.07), (0.33, 0.38), (0.31, 0.38), (0.29, 0.1), (0, 0.1)],
            metal(colour, roughness=0.15),
            radius=0.02,
        )
        filling = lathe([(0, 0.34), (0.15, 0.31), (0.3, 0.24)], fabric(tone, weave=160, depth=0.7), radius=0)
        for part in (cup, filling):
            place(part, (x, y, 0))
    lid = lathe([(0, 0), (1.16, 0), (1.16, 0.12), (1.0, 0.16), (0, 0.16)], metal(colour, roughness=0.1))
    place(lid, (0.9, 1.05, 0.95), turn=(76, 0, -14))


def flask(colour: str, lid: str, *, brushed: bool = False, label: Label | None = None) -> None:
    skin = metal(colour, roughness=0.3, brushed=True) if brushed else plastic(colour, roughness=0.4, coat=0.2)
    lathe([(0, 0), (0.36, 0), (0.37, 0.08), (0.37, 1.75), (0.3, 1.95), (0.22, 2.05), (0, 2.05)], skin)
    lathe([(0, 2.0), (0.24, 2.0), (0.25, 2.38), (0, 2.4)], plastic(lid, roughness=0.45))
    ring(0.245, 0.012, metal(), (0, 0, 2.03))
    cord(
        [(0.2, 0, 2.36), (0.16, 0, 2.56), (0, 0, 2.62), (-0.16, 0, 2.56), (-0.2, 0, 2.36)],
        0.035,
        plastic(lid, roughness=0.45),
    )
    if label:
        face(0.3, 0.8, printed(print_for(label, 0.3, 0.8)), (0, -0.375, 0.95))


def copper_bottle() -> None:
    copper = metal("#c06a3d", roughness=0.2)
    lathe([(0, 0), (0.34, 0), (0.38, 0.1), (0.38, 1.5), (0.3, 1.78), (0.17, 1.95), (0.17, 2.06), (0, 2.06)], copper)
    lathe([(0, 2.02), (0.2, 2.02), (0.2, 2.26), (0.12, 2.34), (0, 2.35)], copper, radius=0.04)
    for k in range(5):
        ring(0.381, 0.01, copper, (0, 0, 0.3 + 0.06 * k))
    place(
        lathe([(0, 0), (0.22, 0), (0.28, 0.62), (0.265, 0.62), (0.2, 0.04), (0, 0.04)], copper, radius=0.03),
        (0.8, -0.25, 0),
    )


def mixer(colour: str, trim: str) -> None:
    lathe(
        [(0, 0), (0.72, 0), (0.74, 0.1), (0.62, 0.75), (0.5, 0.86), (0, 0.88)],
        plastic(colour, roughness=0.25, coat=0.6),
    )
    place(rod(0.17, 0.1, metal("#d5d7da")), (0, -0.64, 0.4), turn=(96, 0, 0))
    ring(0.19, 0.015, plastic(trim), (0, -0.72, 0.41), turn=(96, 0, 0))
    lathe([(0, 0.86), (0.42, 0.86), (0.44, 1.0), (0, 1.0)], plastic("#1a1b1e", roughness=0.4))
    lathe([(0, 1.0), (0.36, 1.0), (0.52, 1.25), (0.56, 2.05), (0, 2.05)], metal(STEEL, roughness=0.16))
    lathe(
        [(0, 2.03), (0.58, 2.03), (0.58, 2.12), (0.2, 2.2), (0.2, 2.32), (0, 2.33)], plastic("#1a1b1e", roughness=0.2)
    )
    cord([(0.52, 0, 1.95), (0.85, 0, 1.95), (0.9, 0, 1.6), (0.82, 0, 1.25), (0.5, 0, 1.25)], 0.07, plastic("#1a1b1e"))
    small = [(0, 0), (0.3, 0), (0.4, 0.18), (0.42, 0.62), (0, 0.62)]
    place(lathe(small, metal(STEEL, roughness=0.16)), (1.25, -0.15, 0))
    place(lathe([(0, 0.61), (0.44, 0.61), (0.44, 0.7), (0, 0.74)], plastic("#1a1b1e", roughness=0.2)), (1.25, -0.15, 0))


def induction(label: Label) -> None:
    box((2.7, 3.2, 0.32), plastic("#17181b", roughness=0.4), bevel=0.1)
    place(box((2.6, 3.1, 0.02), plastic("#0b0c0e", roughness=0.06, coat=1), bevel=0.02), (0, 0, 0.315))
    for r in (0.95, 0.55):
        ring(r, 0.008, plastic("#8d9096"), (0, 0.4, 0.336))
    face(0.9, 0.3, glow("#c8432f", strength=1.6), (0, -1.0, 0.342), turn=(0, 0, 0))
    for k in range(5):
        place(rod(0.09, 0.004, plastic("#d6d7da")), (-0.9 + 0.45 * k, -1.32, 0.336))
    face(0.7, 0.18, printed(print_for(label, 0.7, 0.18)), (0, -1.603, 0.17))


def gas_stove(colour: str = "#0c0d0f") -> None:
    box((3.4, 1.9, 0.3), metal(STEEL, roughness=0.3), bevel=0.06)
    box((3.3, 1.8, 0.04), plastic(colour, roughness=0.06, coat=1), (0, 0, 0.3), bevel=0.015)
    for x in (-0.85, 0.85):
        place(rod(0.42, 0.08, metal(STEEL)), (x, 0.1, 0.34))
        place(rod(0.3, 0.14, metal("#b08a3c", roughness=0.3)), (x, 0.1, 0.34))
        for k in range(4):
            a = math.radians(45 + 90 * k)
            cord(
                [
                    (x + 0.2 * math.cos(a), 0.1 + 0.2 * math.sin(a), 0.56),
                    (x + 0.62 * math.cos(a), 0.1 + 0.62 * math.sin(a), 0.56),
                    (x + 0.68 * math.cos(a), 0.1 + 0.68 * math.sin(a), 0.36),
                ],
                0.035,
                plastic("#1b1c1e", roughness=0.6),
            )
        place(rod(0.17, 0.16, plastic("#1b1c1f", roughness=0.35)), (x, -0.95, 0.15), turn=(90, 0, 0))
        box((0.03, 0.02, 0.24), metal(), (x, -1.12, 0.05), bevel=0.005)


def cups(colour: str, inside: str, *, count: int = 4, saucer: bool = False, kulhad: bool = False) -> None:
    spots = [(-0.75, 0.1), (0.1, -0.42), (0.85, 0.2), (0.05, 0.75), (-0.6, 1.1), (0.75, 1.15)][:count]
    for x, y in spots:
        outline = (
            [(0, 0), (0.24, 0), (0.26, 0.04), (0.37, 0.62), (0.34, 0.62), (0.24, 0.08), (0, 0.08)]
            if kulhad
            else [
                (0, 0),
                (0.2, 0),
                (0.24, 0.05),
                (0.36, 0.3),
                (0.38, 0.56),
                (0.36, 0.56),
                (0.33, 0.3),
                (0.2, 0.08),
                (0, 0.08),
            ]
        )
        skin = fabric(colour, weave=60, depth=0.5) if kulhad else plastic(colour, roughness=0.15, coat=1)
        place(lathe(outline, skin, radius=0.03), (x, y, 0.05 if saucer else 0))
        place(
            lathe([(0, 0.44), (0.33, 0.44)], plastic(inside, roughness=0.12), radius=0), (x, y, 0.05 if saucer else 0)
        )
        if not kulhad:
            loop = ring(
                0.15,
                0.035,
                plastic(colour, roughness=0.15, coat=1),
                (x + 0.43, y - 0.06, 0.35),
                turn=(90, 0, -8),
                scale=(1, 1.15, 1),
            )
            loop.location.z += 0.05 if saucer else 0
        if saucer:
            place(
                lathe(
                    [(0, 0), (0.3, 0), (0.56, 0.08), (0.55, 0.1), (0.3, 0.04), (0, 0.04)],
                    plastic(colour, roughness=0.15, coat=1),
                    radius=0.02,
                ),
                (x, y, 0),
            )


def dinner_set(colour: str, rim: str) -> None:
    skin, line = plastic(colour, roughness=0.12, coat=1), plastic(rim, roughness=0.2)
    plate = [(0, 0), (0.8, 0), (1.3, 0.14), (1.31, 0.16), (0.8, 0.05), (0, 0.05)]
    standing = lathe(plate, skin, radius=0.05)
    edge = ring(1.285, 0.022, line, (0, 0, 0.15))
    edge.parent = standing
    place(standing, (-0.45, 0.9, 1.3), turn=(74, 0, 10))
    for k in range(4):
        place(lathe([(r * 0.78, z) for r, z in plate], skin, radius=0.05), (0.95, -0.15, 0.1 * k))
    ring(1.0, 0.018, line, (0.95, -0.15, 0.44))
    bowl = [(0, 0), (0.24, 0), (0.3, 0.04), (0.52, 0.34), (0.5, 0.35), (0.28, 0.08), (0, 0.08)]
    for k in range(3):
        place(lathe(bowl, skin, radius=0.04), (-0.75, -0.55, 0.12 * k))
    ring(0.51, 0.016, line, (-0.75, -0.55, 0.585))


def steel_plate_set() -> None:
    steel = metal(STEEL, roughness=0.12)
    lathe([(0, 0), (1.3, 0), (1.36, 0.14), (1.33, 0.15), (1.27, 0.04), (0, 0.04)], steel, radius=0.03)
    for k in range(4):
        a = math.radians(25 + 45 * k)
        bowl = [(0, 0.05), (0.26, 0.05), (0.32, 0.34), (0.34, 0.36), (0.3, 0.35), (0.24, 0.08), (0, 0.08)]
        place(lathe(bowl, steel, radius=0.02), (0.86 * math.cos(a), 0.86 * math.sin(a), 0))
    place(
        lathe([(0, 0), (0.26, 0), (0.34, 0.75), (0.32, 0.75), (0.24, 0.04), (0, 0.04)], steel, radius=0.02),
        (1.75, 0.45, 0),
    )
    place(box((0.09, 1.0, 0.02), steel, bevel=0.009), (0.1, -0.5, 0.05), turn=(0, 0, 60))
    place(ball(0.2, steel), (-0.38, -0.76, 0.06), scale=(1, 0.7, 0.2))


def jug(colour: str, lid: str) -> None:
    lathe([(0, 0), (0.55, 0), (0.6, 0.1), (0.55, 1.12), (0, 1.12)], plastic(colour, roughness=0.06, coat=1))
    lathe([(0, 1.1), (0.551, 1.1), (0.52, 1.55), (0.6, 1.8), (0, 1.8)], plastic("#e3eef4", roughness=0.06, coat=1))
    lathe([(0, 1.76), (0.61, 1.76), (0.62, 1.86), (0.15, 1.94), (0, 1.94)], plastic(lid))
    cord([(0.52, 0, 1.6), (1.0, 0, 1.5), (1.02, 0, 0.7), (0.56, 0, 0.45)], 0.07, plastic(lid))


def storage_jars(lid: str, fillings: list[str]) -> None:
    for k, tone in enumerate(fillings):
        x, y = -1.0 + 0.68 * k, 0.25 * (k % 2)
        tall = 1.3 - 0.18 * (k % 3)
        full = tall * 0.8
        content = fabric(tone, weave=45, depth=1.0)
        content.node_tree.nodes["Principled BSDF"].inputs["Coat Weight"].default_value = 1.0
        place(lathe([(0, 0), (0.31, 0), (0.31, full), (0, full)], content, radius=0.04), (x, y, 0))
        empty = [(0, full - 0.01), (0.312, full - 0.01), (0.312, tall), (0, tall)]
        place(lathe(empty, plastic("#dfe6e8", roughness=0.06, coat=1), radius=0.02), (x, y, 0))
        top = grain("#c69c6d", "#946a3d") if lid == "wood" else plastic(lid)
        place(lathe([(0, tall), (0.33, tall), (0.33, tall + 0.16), (0, tall + 0.16)], top, radius=0.03), (x, y, 0))


def knives(handle: str) -> None:
    board = box((2.2, 1.4, 0.14), grain("#c99862", "#8f6233", scale=1.4), bevel=0.06, turn=(0, 0, 12))
    del board
    for k, (length, wide) in enumerate(((1.25, 0.24), (0.95, 0.17), (0.7, 0.12))):
        y = 0.42 - 0.4 * k
        blade = box((length, 0.02, wide), metal("#d9dbde", roughness=0.15, brushed=True), bevel=0.004)
        place(blade, (0.05 + length / 2 - 0.5, y, 0.155), turn=(90, 0, 12))
        place(
            box((0.6, 0.11, 0.09), plastic(handle, roughness=0.4), bevel=0.04),
            (-0.82, y - 0.18 + 0.0, 0.145),
            turn=(0, 0, 12),
        )


def lamp(shade: str, base: str) -> None:
    lathe(
        [(0, 0), (0.5, 0), (0.5, 0.06), (0.1, 0.12), (0.06, 0.3), (0.2, 0.6), (0.06, 0.95), (0.045, 1.5), (0, 1.5)],
        metal(base, roughness=0.3),
    )
    lathe([(0.85, 1.25), (0.5, 2.2)], fabric(shade, weave=90, depth=0.4), radius=0)
    ball(0.2, glow("#ffdf9e", strength=9), (0, 0, 1.6))


def clock(rim: str, dial: str, ink: str) -> None:
    body = lathe(
        [(0, 0), (1.2, 0), (1.25, 0.08), (1.25, 0.2), (1.12, 0.2), (1.1, 0.12), (0, 0.12)],
        metal(rim, roughness=0.3) if rim.startswith("#c") else grain("#a9764a", "#6b4423"),
    )
    parts = [place(lathe([(0, 0.13), (1.11, 0.13)], plastic(dial, roughness=0.6), radius=0), (0, 0, 0))]
    for k in range(12):
        a = math.radians(30 * k)
        long = 0.2 if k % 3 == 0 else 0.1
        parts.append(
            box(
                (0.035, long, 0.01),
                plastic(ink),
                (0.95 * math.sin(a), 0.95 * math.cos(a), 0.135),
                bevel=0,
                turn=(0, 0, -30 * k),
            )
        )
    for turn, long, wide in ((-304, 0.55, 0.06), (-48, 0.85, 0.04)):
        a = math.radians(-turn)
        parts.append(
            box(
                (wide, long, 0.01),
                plastic(ink),
                (long / 2 * math.sin(a), long / 2 * math.cos(a), 0.16),
                bevel=0,
                turn=(0, 0, turn),
            )
        )
    parts.append(rod(0.06, 0.03, metal("#c9a227"), (0, 0, 0.16)))
    for part in parts:
        part.parent = body
    place(body, (0, 0.2, 1.25), turn=(80, 0, 0))


def iron(colour: str) -> None:
    def sole(t: float) -> float:
        return 0.52 * min(1.0, (1 - t) * 2.2) ** 0.6

    grid(lambda u, v: ((v - 0.4) * 2.2, (2 * u - 1) * sole(v), 0.0), metal(STEEL), steps=(24, 60))
    grid(
        lambda u, v: (
            (v - 0.4) * 2.2,
            math.cos(math.pi * u) * sole(v),
            0.06 + 0.5 * math.sin(math.pi * u) ** 0.5 * (1 - 0.75 * v),
        ),
        plastic(colour, roughness=0.25, coat=0.5),
        steps=(40, 60),
    )
    cord(
        [(-0.7, 0, 0.5), (-0.75, 0, 0.95), (-0.2, 0, 1.05), (0.5, 0, 0.85), (0.6, 0, 0.35)],
        0.12,
        plastic("#1b1c1f", roughness=0.4),
    )
    place(rod(0.17, 0.08, plastic("#f3f3f1")), (0.02, 0, 0.52))
    cord(
        [(-0.75, 0, 0.95), (-1.1, 0.2, 0.7), (-1.4, 0.5, 0.04), (-0.9, 0.8, 0.04), (-0.2, 0.75, 0.04)],
        0.045,
        fabric("#3a3b40", weave=90),
    )


def fan_heater_free_bucket(colour: str, mug: str) -> None:
    """Bath bucket with its mug."""
    lathe(
        [
            (0, 0),
            (0.85, 0),
            (0.87, 0.05),
            (1.1, 1.7),
            (1.16, 1.72),
            (1.14, 1.76),
            (1.06, 1.72),
            (0.82, 0.08),
            (0, 0.08),
        ],
        plastic(colour, roughness=0.35),
    )
    cord(
        [(-1.12, 0, 1.66), (-1.05, -0.75, 1.25), (0, -1.25, 1.05), (1.05, -0.75, 1.25), (1.12, 0, 1.66)], 0.035, metal()
    )
    place(
        lathe(
            [(0, 0), (0.36, 0), (0.42, 0.75), (0.45, 0.77), (0.4, 0.76), (0.33, 0.05), (0, 0.05)],
            plastic(mug, roughness=0.35),
            radius=0.03,
        ),
        (1.45, -0.85, 0),
    )
    cord([(1.86, -0.85, 0.66), (2.2, -0.85, 0.62), (2.18, -0.85, 0.3), (1.84, -0.85, 0.25)], 0.05, plastic(mug))


# -- pooja and garden -----------------------------------------------------------------------------


def diyas(colour: str, count: int = 5) -> None:
    clay = fabric(colour, weave=70, depth=0.4)
    for k in range(count):
        a = math.radians(200 + 140 * k / max(1, count - 1))
        x, y = 1.0 * math.cos(a), 1.0 + 1.25 * math.sin(a)
        place(
            lathe(
                [(0, 0), (0.18, 0), (0.24, 0.05), (0.4, 0.2), (0.38, 0.23), (0.22, 0.1), (0, 0.09)], clay, radius=0.03
            ),
            (x, y, 0),
        )
        place(lathe([(0, 0.17), (0.35, 0.17)], plastic("#c98a1a", roughness=0.1), radius=0), (x, y, 0))
        place(ball(0.07, glow("#ffb63d", strength=14)), (x, y - 0.3, 0.36), scale=(0.62, 0.62, 1.7))
        place(rod(0.018, 0.16, plastic("#f5efe0")), (x, y - 0.3, 0.17))


def brass_lamp() -> None:
    brass = metal("#c99a3a", roughness=0.2)
    lathe(
        [
            (0, 0),
            (0.75, 0),
            (0.72, 0.08),
            (0.4, 0.16),
            (0.14, 0.3),
            (0.2, 0.45),
            (0.1, 0.6),
            (0.17, 0.8),
            (0.09, 1.0),
            (0.13, 1.4),
            (0.08, 1.6),
            (0.25, 1.7),
            (0.62, 1.85),
            (0.6, 1.9),
            (0.2, 1.78),
            (0.08, 1.8),
            (0.12, 2.0),
            (0.05, 2.15),
            (0.09, 2.28),
            (0, 2.4),
        ],
        brass,
        radius=0.04,
    )
    for k in range(5):
        a = math.radians(-90 + 72 * k)
        place(
            ball(0.055, glow("#ffb63d", strength=12)),
            (0.58 * math.cos(a), 0.58 * math.sin(a), 2.0),
            scale=(0.6, 0.6, 1.7),
        )


def pooja_thali() -> None:
    brass = metal("#cfa348", roughness=0.18)
    lathe([(0, 0), (1.35, 0), (1.42, 0.14), (1.38, 0.15), (1.32, 0.05), (0, 0.05)], brass, radius=0.03)
    for a, tone in ((30, "#c4202b"), (85, "#e0a800"), (140, "#f1ede3"), (-150, "#7a3b12")):
        x, y = 0.85 * math.cos(math.radians(a)), 0.85 * math.sin(math.radians(a))
        place(
            lathe([(0, 0.05), (0.2, 0.05), (0.28, 0.28), (0.26, 0.28), (0.18, 0.09), (0, 0.09)], brass, radius=0.02),
            (x, y, 0),
        )
        place(lathe([(0, 0.26), (0.25, 0.2)], fabric(tone, weave=120, depth=0.7), radius=0), (x, y, 0))
    place(
        lathe(
            [(0, 0.05), (0.22, 0.05), (0.08, 0.14), (0.12, 0.2), (0.34, 0.34), (0.33, 0.37), (0, 0.3)],
            brass,
            radius=0.03,
        ),
        (0, -0.2, 0),
    )
    place(ball(0.06, glow("#ffb63d", strength=14)), (0, -0.46, 0.52), scale=(0.6, 0.6, 1.8))
    bell = lathe(
        [(0, 0.5), (0.08, 0.48), (0.14, 0.3), (0.2, 0.1), (0.27, 0), (0.24, 0), (0.17, 0.1), (0, 0.4)],
        brass,
        radius=0.02,
    )
    place(bell, (0.85, -0.5, 0.05))
    place(
        lathe([(0, 0.5), (0.045, 0.5), (0.06, 0.62), (0.03, 0.75), (0.07, 0.9), (0, 0.96)], brass, radius=0.02),
        (0.85, -0.5, 0.05),
    )
    rng = random.Random(2)
    for _ in range(16):
        a, r = rng.uniform(150, 330), rng.uniform(0.2, 1.15)
        place(
            ball(0.09, fabric(rng.choice(["#f28c0f", "#f7b500"]), weave=30, depth=2)),
            (r * math.cos(math.radians(a)), r * math.sin(math.radians(a)), 0.1),
            scale=(1, 1, 0.6),
        )


def string_lights(tone: str) -> None:
    points = [
        (1.5 * math.sin(k / 3.2) * (1 - k / 130), 0.9 * math.cos(k / 2.1) * (1 - k / 160), 0.05 + 0.02 * (k % 3))
        for k in range(70)
    ]
    cord(points, 0.018, plastic("#2f5d3a", roughness=0.6))
    for x, y, z in points[::2]:
        ball(0.055, glow(tone, strength=5), (x, y, z + 0.05))


def planters(colours: list[str], leaf: str = "#3f7d3a") -> None:
    rng = random.Random(8)
    for k, colour in enumerate(colours):
        x, s = -0.85 + 1.2 * k, 1 - 0.16 * k
        pot = lathe(
            [
                (0, 0),
                (0.38 * s, 0),
                (0.42 * s, 0.05),
                (0.52 * s, 0.75 * s),
                (0.48 * s, 0.75 * s),
                (0.45 * s, 0.66 * s),
                (0, 0.64 * s),
            ],
            plastic(colour, roughness=0.35, coat=0.3),
            radius=0.05,
        )
        place(pot, (x, 0.15 * k, 0))
        place(
            lathe([(0, 0.67 * s), (0.46 * s, 0.67 * s)], fabric("#3b2a1d", weave=60, depth=2), radius=0),
            (x, 0.15 * k, 0),
        )
        for _ in range(34):
            a, tilt, long = rng.uniform(0, 360), rng.uniform(8, 62), rng.uniform(0.5, 1.0) * s
            blade = grid(
                lambda u, v, n=long: (
                    (u - 0.5) * 0.2 * n * math.sin(math.pi * (0.05 + 0.95 * v)),
                    0.35 * n * v * v,
                    n * v,
                ),
                plastic(leaf if rng.random() < 0.6 else "#5d9a44", roughness=0.4),
                steps=(6, 14),
            )
            place(blade, (x + 0.12 * math.cos(a), 0.15 * k + 0.12 * math.sin(a), 0.64 * s), turn=(-tilt, 0, a))


def toran(colours: list[str]) -> None:
    """Door hanging: a cord with pompoms, mirrors and tassels."""
    cord([(-2, 0, 2.0), (-1, 0, 1.86), (0, 0, 1.82), (1, 0, 1.86), (2, 0, 2.0)], 0.05, fabric(colours[0]))
    for k in range(9):
        x = -1.9 + 0.475 * k
        top = 1.82 + 0.17 * (abs(x) / 2) ** 2
        long = 0.55 + 0.28 * (k % 2)
        for n in range(int(long / 0.19)):
            ball(0.1, fabric(colours[(k + n) % len(colours)], weave=40, depth=2), (x, 0, top - 0.12 - 0.2 * n))
        cone = lathe(
            [(0, 0), (0.14, 0), (0.03, 0.32), (0, 0.32)],
            fabric(colours[k % len(colours)], weave=90, depth=2),
            radius=0.02,
        )
        place(cone, (x, 0, top - 0.5 - long))


def rangoli(colours: list[str]) -> None:
    for k, tone in enumerate(colours):
        x, y = (k % 3 - 1) * 0.85, (k // 3) * 0.8 - 0.3
        place(
            lathe(
                [(0, 0), (0.28, 0), (0.38, 0.26), (0.35, 0.27), (0.26, 0.04), (0, 0.04)],
                plastic("#f3eee4", roughness=0.3),
                radius=0.03,
            ),
            (x, y, 0),
        )
        place(
            lathe([(0, 0.46), (0.12, 0.36), (0.34, 0.22)], fabric(tone, weave=150, depth=0.8), radius=0.04), (x, y, 0)
        )


def weighing_scale(label: Label) -> None:
    box((2.6, 2.6, 0.16), plastic("#15171b", roughness=0.1, coat=1), bevel=0.07)
    face(0.9, 0.36, printed(screen("watch", "#35c46a", "#8de0ff", size=(900, 360))), (0, 0.85, 0.163), turn=(0, 0, 0))
    face(1.0, 0.3, printed(print_for(label, 1.0, 0.3)), (0, -0.9, 0.163), turn=(0, 0, 0))
    for x in (-0.85, 0.85):
        place(rod(0.32, 0.01, metal("#aeb1b6")), (x, 0, 0.158))


def rope_mat(colour: str, edge: str) -> None:
    for k in range(12):
        ring(0.1 + 0.11 * k, 0.06, fabric(edge if k in (8, 11) else colour, weave=40, depth=1.5), (0, 0, 0.05))


def circle_of(radius: float, count: int) -> list[tuple[float, float, float]]:
    return circle(radius, points=count)
