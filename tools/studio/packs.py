"""Packaging: what groceries, cosmetics and boxed goods come in."""

import math
from pathlib import Path

from kit import ball, box, cord, face, grid, lathe, metal, place, plastic, printed, rod, sleeve
from prints import Label, label


def print_for(spec: Label | Path, width: float, height: float) -> Path:
    """Draw a label in the proportions of the surface that it goes on."""
    if isinstance(spec, Path):
        return spec
    factor = 1300 / max(width, height)
    return label(spec, (int(width * factor), int(height * factor)))


def wrap(
    spec: Label,
    radius: float,
    low: float,
    high: float,
    at: tuple[float, float],
    *,
    sweep: float = 210,
    roughness: float = 0.35,
) -> None:
    art = print_for(spec, radius * math.radians(sweep), high - low)
    place(sleeve(radius, low, high, art, sweep=sweep, roughness=roughness), (*at, 0))


def pouch(
    front: Label,
    *,
    width: float = 1.5,
    height: float = 2.1,
    depth: float = 0.55,
    back: str = "#dddddd",
    at: tuple[float, float] = (0, 0),
    turn: float = 0,
    gloss: float = 0.32,
) -> None:
    """Stand-up pouch: a full belly, a flat sealed top, and a foil that is never quite smooth."""

    def belly(u: float, v: float) -> float:
        across = math.sin(math.pi * min(max(u, 0.0), 1.0)) ** 0.5
        up = (1 - v**2.6) * (0.55 + 0.45 * math.sin(math.pi * min(1, v * 1.6 + 0.18)))
        crease = 0.022 * math.sin(u * 17 + v * 5) * v * (1 - v) * 2 + 0.016 * math.sin(v * 23 + u * 9) * v
        return depth / 2 * across * max(up, 0.02) + crease * (1 - v**6)

    def side(sign: float):
        def shape(u: float, v: float) -> tuple[float, float, float]:
            waist = 1 - 0.05 * math.sin(math.pi * v)
            y = -sign * (belly(u, v) + 0.004)
            foot = depth * 0.12 * math.sin(math.pi * u) * max(0, 1 - v * 7) ** 2
            return ((u - 0.5) * width * waist, y, v * height + foot * 0)

        return shape

    art = print_for(front, width, height)
    body = grid(side(1), printed(art, roughness=gloss, coat=0.25), steps=(70, 90))
    rear = grid(side(-1), plastic(back), steps=(70, 90))
    for half in (body, rear):
        place(half, (*at, 0), turn=(-3, 0, turn))


def pillow(
    front: Label,
    *,
    width: float = 1.4,
    height: float = 1.9,
    depth: float = 0.6,
    at: tuple[float, float] = (0, 0),
    turn: float = 0,
) -> None:
    """Pillow packet with two crimped ends, for namkeen, noodles and diapers."""

    def belly(u: float, v: float) -> float:
        end = max(0.0, 1 - abs(2 * v - 1) ** 4)
        round_ = math.sin(math.pi * u) ** 0.6
        crease = 0.03 * math.sin(u * 21) * (abs(2 * v - 1) ** 5)
        return depth / 2 * round_ * end**0.7 + crease

    for sign, material in (
        (1, printed(print_for(front, width, height), roughness=0.25, coat=0.3)),
        (-1, plastic("#cccccc")),
    ):
        half = grid(
            lambda u, v, s=sign: ((u - 0.5) * width * (1 - 0.06 * math.sin(math.pi * v)), -s * belly(u, v), v * height),
            material,
            steps=(80, 90),
        )
        place(half, (*at, 0), turn=(-7, 0, turn))


def carton(
    front: Label | Path,
    size: tuple[float, float, float],
    *,
    side: str | Path = "#ffffff",
    top: str | Path | None = None,
    at: tuple[float, float, float] = (0, 0, 0),
    turn: float = 0,
    gloss: float = 0.45,
) -> None:
    """Folding box with a printed front, and sides in a colour or with a print of their own."""
    w, d, h = size
    flat = plastic(side if isinstance(side, str) else "#ffffff", roughness=gloss)
    body = box((w, d, h), flat, at, bevel=0.012, turn=(0, 0, turn), segments=2)
    parts = [face(w * 0.992, h * 0.992, printed(print_for(front, w, h), roughness=gloss), (0, -d / 2 - 0.003, h / 2))]
    if isinstance(side, Path):
        parts += [
            face(
                d * 0.99,
                h * 0.992,
                printed(side, roughness=gloss),
                (s * (w / 2 + 0.003), 0, h / 2),
                turn=(90, 0, 90 * s),
            )
            for s in (1, -1)
        ]
    if isinstance(top, Path):
        parts.append(face(w * 0.992, d * 0.99, printed(top, roughness=gloss), (0, 0, h + 0.003), turn=(0, 0, 0)))
    for part in parts:
        part.parent = body


def flat_box(lid: Label | Path, size: tuple[float, float, float], *, side: str, stand: float = 0) -> None:
    """Game or gift box that lies with its printed lid up, or leans when `stand` degrees are given."""
    w, d, h = size
    body = box((w, d, h), plastic(side, roughness=0.5), bevel=0.015, segments=2)
    art = printed(print_for(lid, w, d), roughness=0.4)
    face(w * 0.995, d * 0.995, art, (0, 0, h + 0.003), turn=(0, 0, 0)).parent = body
    if stand:
        place(body, (0, 0, d / 2 * math.sin(math.radians(stand))), turn=(stand, 0, 0))


def bottle(
    spec: Label,
    *,
    radius: float = 0.36,
    height: float = 1.7,
    colour: str = "#f6f1e4",
    cap: str = "#1f6b45",
    liquid: bool = False,
    pump: bool = False,
    neck: float = 0.13,
    shoulder: float = 0.72,
    at: tuple[float, float] = (0, 0),
    sweep: float = 215,
) -> None:
    skin = plastic(colour, roughness=0.06, coat=1) if liquid else plastic(colour, roughness=0.22, coat=0.4)
    s = height * shoulder
    outline = [
        (0, 0),
        (radius, 0),
        (radius, s),
        (radius * 0.8, s + (height - s) * 0.55),
        (neck, height * 0.94),
        (neck, height),
        (0, height),
    ]
    place(lathe(outline, skin, radius=0.12), (*at, 0))
    lid = plastic(cap, roughness=0.3)
    if pump:
        for r, low, high in (
            (neck * 1.5, height * 0.97, height * 1.06),
            (0.05, height * 1.06, height * 1.2),
            (0.11, height * 1.2, height * 1.25),
        ):
            place(lathe([(0, low), (r, low), (r, high), (0, high)], lid, radius=0.02), (*at, 0))
        cord(
            [
                (at[0], at[1], height * 1.23),
                (at[0] - 0.2, at[1] - 0.1, height * 1.235),
                (at[0] - 0.36, at[1] - 0.18, height * 1.18),
            ],
            0.055,
            lid,
        )
    else:
        place(
            lathe(
                [(0, height * 0.95), (neck * 1.4, height * 0.95), (neck * 1.32, height * 1.09), (0, height * 1.09)],
                lid,
                radius=0.03,
            ),
            (*at, 0),
        )
    wrap(spec, radius + 0.006, s * 0.1, s * 0.92, at, sweep=sweep)


def jar(
    spec: Label,
    *,
    radius: float = 0.48,
    height: float = 1.05,
    filling: str = "#d98e04",
    lid: str = "#c9a227",
    clear: bool = True,
    at: tuple[float, float] = (0, 0),
    low: float = 0.2,
    high: float = 0.8,
) -> None:
    """Jar for ghee, honey, pickle, nuts or cream."""
    outline = [(0, 0), (radius, 0), (radius, height * 0.9), (radius * 0.86, height), (0, height)]
    skin = plastic(filling, roughness=0.08, coat=1) if clear else plastic(filling, roughness=0.25, coat=0.5)
    place(lathe(outline, skin, radius=0.09), (*at, 0))
    top = [(0, height * 0.96), (radius * 0.93, height * 0.96), (radius * 0.93, height * 1.17), (0, height * 1.17)]
    place(lathe(top, metal(lid, roughness=0.3) if clear else plastic(lid, roughness=0.3), radius=0.04), (*at, 0))
    wrap(spec, radius + 0.008, height * low, height * high, at, sweep=200, roughness=0.45)


def tin(
    spec: Label, *, radius: float = 0.5, height: float = 1.3, lid: str = "#8d6b2f", at: tuple[float, float] = (0, 0)
) -> None:
    place(lathe([(0, 0), (radius, 0), (radius, height), (0, height)], metal("#d8d8d8"), radius=0.03), (*at, 0))
    wrap(spec, radius + 0.004, 0.04, height - 0.04, at, sweep=200)
    place(
        lathe(
            [(0, height), (radius * 1.02, height), (radius * 1.02, height + 0.14), (0, height + 0.14)],
            metal(lid, roughness=0.25),
            radius=0.04,
        ),
        (*at, 0),
    )


def tube(
    front: Label,
    *,
    width: float = 0.62,
    height: float = 1.7,
    cap: str = "#ffffff",
    body: str = "#ffffff",
    at: tuple[float, float] = (0, 0),
    turn: float = 0,
) -> None:
    """Squeeze tube that stands on its cap: round below, pressed flat and crimped above."""
    radius = width / 2

    def shape(u: float, v: float) -> tuple[float, float, float]:
        angle = 2 * math.pi * u
        flat = max(0.05, (1 - v) ** 0.65)
        wide = radius * (1 + 0.16 * v)
        return (wide * math.cos(angle), radius * flat * math.sin(angle), 0.3 + v * (height - 0.3))

    body_ = grid(shape, plastic(body, roughness=0.3, coat=0.3), steps=(96, 40), closed=True)

    def front_shape(u: float, v: float) -> tuple[float, float, float]:
        x, y, z = shape(0.5 + 0.02 + 0.46 * u, 0.03 + 0.9 * v)
        return (x * 1.012, y * 1.012 - 0.004, z)

    paper = print_for(front, width * 1.45, (height - 0.3) * 0.9)
    art = grid(front_shape, printed(paper, roughness=0.3, coat=0.3), steps=(60, 40))
    foot = lathe(
        [(0, 0), (radius * 0.92, 0), (radius * 0.98, 0.3), (0, 0.3)], plastic(cap, roughness=0.35), radius=0.03
    )
    for part in (body_, art, foot):
        place(part, (*at, 0), turn=(0, 0, turn))


def dropper(spec: Label, *, colour: str = "#5a2d0c", at: tuple[float, float] = (0, 0), rubber: str = "#1d1d1d") -> None:
    bottle(spec, radius=0.3, height=0.95, colour=colour, neck=0.13, cap=rubber, at=at, shoulder=0.78)
    place(
        lathe(
            [(0, 0.98), (0.1, 0.98), (0.09, 1.32), (0.06, 1.4), (0, 1.4)], plastic(rubber, roughness=0.5), radius=0.05
        ),
        (*at, 0),
    )


def lipstick(colour: str, *, case: str = "#2b1a24", band: str = "#d9b25f") -> None:
    rod(0.22, 0.75, plastic(case, roughness=0.2, coat=1))
    place(lathe([(0, 0.75), (0.2, 0.75), (0.2, 1.0), (0, 1.0)], metal(band)), (0, 0, 0))
    place(
        lathe(
            [(0, 0.98), (0.155, 0.98), (0.155, 1.3), (0.1, 1.46), (0, 1.5)], plastic(colour, roughness=0.3), radius=0.06
        ),
        (0, 0, 0),
    )
    place(lathe([(0, 0), (0.23, 0), (0.23, 0.85), (0, 0.85)], plastic(case, roughness=0.2, coat=1)), (0.62, 0.12, 0))
    place(lathe([(0, 0), (0.235, 0), (0.235, 0.08), (0, 0.08)], metal(band)), (0.62, 0.12, 0))


def bar(spec: Label, *, colour: str = "#f2e3c2", wrap: str = "#3a7d44") -> None:
    """Soap: a wrapped carton behind, a bare bar in front."""
    carton(spec, (1.3, 0.42, 0.85), side=wrap, at=(0, 0.25, 0), turn=-6)
    place(box((0.95, 0.6, 0.3), plastic(colour, roughness=0.5), bevel=0.12), (0.35, -0.6, 0), turn=(0, 0, 12))


def sticks(spec: Label, *, side: str, colour: str = "#4a2d1b") -> None:
    """Incense: a slim carton and a fan of sticks before it."""
    carton(spec, (0.75, 0.35, 2.3), side=side, turn=8)
    for index in range(7):
        rod(0.022, 2.2, plastic("#c49a6c"), (0.55 + 0.05 * index, -0.25, 0.02), turn=(-6, 9 + 3.2 * index, 0), bevel=0)
        rod(
            0.036,
            1.55,
            plastic(colour, roughness=0.95),
            (0.55 + 0.05 * index + 0.011 * index + 0.1, -0.18, 0.62),
            turn=(-6, 9 + 3.2 * index, 0),
            bevel=0,
        )


def heap(
    colours: list[str],
    *,
    count: int = 220,
    size: tuple[float, float, float] = (0.07, 0.045, 0.04),
    spread: float = 0.9,
    at: tuple[float, float] = (0, -0.9),
    seed: int = 3,
) -> None:
    """Scatter a little of what is inside in front of the packet."""
    import random

    rng = random.Random(seed)
    materials = [plastic(colour, roughness=0.5) for colour in colours]
    for _ in range(count):
        angle, far = rng.uniform(0, 2 * math.pi), abs(rng.gauss(0, 0.42))
        x, y = at[0] + spread * far * math.cos(angle), at[1] + 0.32 * far * math.sin(angle)
        z = max(0.03, 0.16 * (1 - far)) * rng.uniform(0.15, 1)
        grain = ball(1, rng.choice(materials), (x, y, z), scale=size)
        grain.rotation_euler = (rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), rng.uniform(0, 6.3))
