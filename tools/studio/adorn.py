"""Shoes, bags, watches and jewellery."""

import math
from itertools import pairwise

from kit import (
    ball,
    box,
    circle,
    cord,
    fabric,
    face,
    glass,
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
from packs import print_for
from prints import Label
from wear import _rounded_rectangle

GOLD = "#d9a73e"


# -- footwear: a sole outline lofted upwards ------------------------------------------------------


def _half_width(t: float, *, toe: float = 0.5) -> float:
    """Half the width of a sole at `t` from heel (0) to toe (1)."""
    heel = 0.3 * math.sin(math.pi * min(1, (t + 0.02) / 0.44 * 0.5)) ** 0.5
    ball_of_foot = 0.41 * math.exp(-(((t - 0.68) / 0.3) ** 2))
    end = max(0.0, 1 - max(0.0, (t - 0.72) / 0.28) ** (1 / toe)) ** 0.5
    return max(0.012, max(heel * (1 - 0.4 * t), ball_of_foot) * end)


def _outline(length: float, toe: float = 0.5, grow: float = 1.0) -> list[tuple[float, float]]:
    steps = 40
    right = [(_half_width(k / steps, toe=toe) * grow, (k / steps - 0.5) * length) for k in range(steps + 1)]
    return right + [(-x, y) for x, y in reversed(right)]


def _pair(build: object, *, apart: float = 0.95, turns: tuple[float, float] = (58, 52)) -> None:
    for k in (0, 1):
        parts = build(k)
        for part in parts[1:]:
            part.parent = parts[0]
        place(parts[0], (-0.35 + 0.55 * k, 0.1 + apart * k, parts[0].location.z), turn=(0, 0, turns[k]))


def flip_flops(sole: str, strap: str) -> None:
    def one(_: int) -> list[object]:
        base = slab(_outline(2.6, 0.4, 1.05), 0.2, plastic(sole, roughness=0.7), bevel=0.04)
        top = slab(_outline(2.52, 0.4, 1.0), 0.02, fabric(strap, weave=50, depth=0.5), bevel=0)
        top.location.z = 0.195
        band = plastic(strap, roughness=0.4)
        straps = [
            cord(
                [
                    (0.04, 0.85, 0.2),
                    (0.04, 0.82, 0.36),
                    (s * 0.2, 0.5, 0.5),
                    (s * 0.36, 0.1, 0.42),
                    (s * 0.36, -0.05, 0.18),
                ],
                0.06,
                band,
            )
            for s in (1, -1)
        ]
        return [base, top, *straps]

    _pair(one)


def kolhapuri(leather: str, braid: str) -> None:
    def one(_: int) -> list[object]:
        base = slab(_outline(2.5, 0.5, 1.02), 0.12, grain(leather, "#5b3519", scale=9, roughness=0.6), bevel=0.03)
        heel = slab(
            [(0.27 * math.cos(math.radians(a)), -0.95 + 0.3 * math.sin(math.radians(a))) for a in range(0, 360, 12)],
            0.14,
            plastic("#3a2413"),
            bevel=0.02,
        )
        heel.location.z = -0.13
        hide = grain(leather, "#7a4a22", scale=9, roughness=0.5)
        across = grid(
            lambda u, v: (0.42 * math.cos(math.pi * u), 0.2 + 0.36 * (v - 0.5), 0.1 + 0.36 * math.sin(math.pi * u)),
            hide,
            steps=(40, 6),
        )
        thick = across.modifiers.new("thick", "SOLIDIFY")
        thick.thickness = 0.035
        parts = [base, heel, across]
        for dy in (-0.16, 0.0, 0.16):
            points = [
                (0.435 * math.cos(math.pi * k / 16), 0.2 + dy, 0.12 + 0.375 * math.sin(math.pi * k / 16))
                for k in range(17)
            ]
            parts.append(cord(points, 0.03 if dy else 0.045, fabric(braid, weave=40, depth=2)))
        parts.append(cord([(0.0, 0.55, 0.36), (-0.1, 0.72, 0.34), (-0.18, 0.8, 0.12)], 0.045, hide))
        loop = [
            (0.1 + 0.13 * math.cos(a), 0.86 + 0.13 * math.sin(a), 0.19) for a in (0.0, 1.05, 2.09, 3.14, 4.19, 5.24)
        ]
        parts.append(
            cord(
                [(x, y + 0.0, z + (0.1 if k in (1, 2) else 0)) for k, (x, y, z) in enumerate(loop)],
                0.04,
                hide,
                closed=True,
            )
        )
        base.location.z = 0.13
        return parts

    _pair(one)


def _upper(
    material: object,
    *,
    length: float,
    height: float,
    opening: tuple[float, float, float],
    base: float,
    toe: float,
    curl: float = 0.0,
) -> list[object]:
    """Both halves of a shoe's upper; the opening runs from `start` to `end` with half-width `gap`."""
    start, end, gap = opening

    def rise(t: float) -> float:
        top = height * (1 - 0.62 * max(0.0, (t - 0.3) / 0.7) ** 1.2)
        return top * (1 if t > 0.06 else 0.82 + 3 * t)

    def hole(t: float) -> float:
        if not start < t < end:
            return 0.0
        return gap * math.sin(math.pi * (t - start) / (end - start)) ** 0.5

    def half(sign: int):
        def shape(u: float, v: float) -> tuple[float, float, float]:
            t = v
            w, o = _half_width(t, toe=toe) * 1.02, min(hole(t), _half_width(t, toe=toe) * 0.86)
            a = math.pi / 2 * u
            x = o + (w - o) * math.cos(a) ** 0.72
            return (
                sign * x,
                (t - 0.5) * length,
                base + rise(t) * math.sin(a) ** 0.8 + curl * max(0.0, t - 0.86) ** 1.5 * 9,
            )

        return shape

    halves = [grid(half(sign), material, steps=(28, 70)) for sign in (1, -1)]
    for part in halves:
        thick = part.modifiers.new("thick", "SOLIDIFY")
        thick.thickness = 0.03
    return halves


def jutti(cloth: object, lining: str, trim: str) -> None:
    def one(_: int) -> list[object]:
        base = slab(_outline(2.4, 0.7, 1.02), 0.07, plastic("#8a5a34", roughness=0.6), bevel=0.02)
        inner = slab(_outline(2.34, 0.7, 0.96), 0.02, fabric(lining), bevel=0)
        inner.location.z = 0.075
        upper = _upper(
            fabric(image=cloth, weave=60, depth=0.8),
            length=2.42,
            height=0.44,
            opening=(-0.02, 0.66, 0.27),
            base=0.05,
            toe=0.7,
            curl=0.1,
        )
        rim = [
            (
                (0.27 * math.sin(math.pi * (k / 24 * 0.68)) ** 0.5) * s,
                (k / 24 * 0.66 - 0.5) * 2.42 - 0.02,
                0.47 - 0.1 * (k / 24) ** 2,
            )
            for s in (1, -1)
            for k in (range(3, 24) if s == 1 else range(23, 2, -1))
        ]
        edge = cord(rim, 0.028, fabric(trim, weave=30, depth=2), closed=True)
        return [base, inner, *upper, edge]

    _pair(one)


def _instep(t: float) -> float:
    """How high a sneaker's upper is at `t` from heel (0) to toe (1)."""
    marks = [(0.0, 0.6), (0.12, 0.8), (0.36, 0.78), (0.52, 0.6), (0.7, 0.42), (0.88, 0.33), (1.0, 0.16)]
    for (t0, h0), (t1, h1) in pairwise(marks):
        if t <= t1:
            x = (t - t0) / (t1 - t0)
            return h0 + (h1 - h0) * (x * x * (3 - 2 * x))
    return marks[-1][1]


def sneakers(upper: str, sole: str, accent: str, lace: str = "#f4f4f0") -> None:
    length, base = 2.62, 0.22

    def skin(u: float, v: float, lift: float = 0.0) -> tuple[float, float, float]:
        a = math.pi * u
        x = _half_width(v, toe=0.35) * 1.03 * math.copysign(abs(math.cos(a)) ** 0.8, math.cos(a))
        return (x, (v - 0.5) * length, base + (_instep(v) + lift) * math.sin(a) ** 0.75)

    def one(_: int) -> list[object]:
        parts = [
            slab(_outline(2.75, 0.35, 1.1), 0.26, plastic(sole, roughness=0.6), bevel=0.07),
            place(slab(_outline(2.76, 0.35, 1.105), 0.05, plastic(accent, roughness=0.5), bevel=0.01), (0, 0, 0.1)),
            grid(skin, fabric(upper, weave=70, depth=0.6), steps=(60, 90)),
            grid(lambda u, v: skin(u, 0.8 + 0.2 * v, 0.012), plastic(sole, roughness=0.5), steps=(60, 24)),
            grid(lambda u, v: skin(u, 0.0 + 0.1 * v, 0.012), plastic(accent, roughness=0.5), steps=(60, 12)),
            place(ball(0.36, plastic("#2a2c31", roughness=0.9)), (0, -0.7, base + 0.8), scale=(0.62, 1.12, 0.1)),
            ring(
                0.37, 0.085, fabric(accent, weave=60), (0, -0.7, base + 0.78), turn=(-3, 0, 0), scale=(0.66, 1.12, 0.8)
            ),
        ]
        tongue = slab(_rounded_rectangle(0.42, 0.62, 0.14), 0.07, fabric(upper, weave=70), bevel=0.03)
        parts.append(place(tongue, (0, -0.2, base + 0.82), turn=(-28, 0, 0)))
        for k in range(5):
            t = 0.45 + 0.055 * k
            points = [skin(0.5 + 0.2 * side / 4, t + 0.012 * math.cos(side), 0.035) for side in range(-4, 5)]
            parts.append(cord(points, 0.028, fabric(lace, weave=60)))
        for sign in (0, 1):
            stripe = [skin(abs(sign - u), t, 0.01) for u, t in ((0.02, 0.62), (0.14, 0.56), (0.26, 0.47), (0.3, 0.42))]
            parts.append(cord(stripe, 0.035, plastic(accent)))
        return parts

    _pair(one, apart=1.05, turns=(66, 62))


# -- bags -----------------------------------------------------------------------------------------


def handbag(leather: str, trim: str) -> None:
    def half(sign: int):
        def shape(u: float, v: float) -> tuple[float, float, float]:
            w = 1.0 - 0.12 * v
            bulge = (1 - v) ** 0.4 * math.sin(math.pi * u) ** 0.35
            return ((2 * u - 1) * w, -sign * (0.3 * bulge + 0.06 * (1 - v)), 1.35 * v)

        return shape

    for sign in (1, -1):
        grid(half(sign), grain(leather, leather, scale=30, roughness=0.5), steps=(60, 40))
        arc = [
            (0.5 * math.cos(math.radians(a)) * 1.05, -sign * 0.12, 1.28 + 0.78 * math.sin(math.radians(a)))
            for a in range(0, 181, 12)
        ]
        cord(arc, 0.045, grain(trim, trim, scale=30, roughness=0.45))
    box((1.8, 0.1, 0.05), grain(trim, trim, scale=30), (0, 0, 1.32), bevel=0.02)
    flap = slab(_rounded_rectangle(0.34, 0.6, 0.1), 0.035, grain(trim, trim, scale=30), bevel=0.015)
    place(flap, (0, -0.16, 1.1), turn=(84, 0, 0))
    place(ring(0.07, 0.02, metal(GOLD)), (0, -0.25, 0.93), turn=(80, 0, 0))
    for x in (-0.52, 0.52):
        place(ring(0.06, 0.016, metal(GOLD)), (x, -0.14, 1.25), turn=(90, 0, 0))


def backpack(colour: str, trim: str) -> None:
    body = grid(lambda u, v: _sack(u, v, 0.78, 0.42, 2.0), fabric(colour, weave=110, depth=0.35), steps=(90, 60))
    pocket = grid(lambda u, v: _sack(u, v, 0.6, 0.3, 0.95), fabric(trim, weave=110, depth=0.35), steps=(70, 40))
    place(body, (0, 0, 0))
    place(pocket, (0, -0.3, 0.08))
    cord([(-0.2, 0.2, 1.95), (-0.16, 0.2, 2.2), (0.16, 0.2, 2.2), (0.2, 0.2, 1.95)], 0.05, fabric(trim))
    arc = [
        (
            0.76 * math.cos(math.radians(a)),
            -0.12 - 0.2 * math.sin(math.radians(a)),
            1.2 + 0.66 * math.sin(math.radians(a)),
        )
        for a in range(8, 173, 12)
    ]
    cord(arc, 0.022, metal("#b9bcc0"))
    for s in (1, -1):
        cord(
            [(s * 0.4, 0.3, 1.8), (s * 0.85, 0.6, 1.5), (s * 0.9, 0.6, 0.7), (s * 0.6, 0.35, 0.15)], 0.07, fabric(trim)
        )
    cord([(-0.45, -0.6, 0.86), (0, -0.62, 0.88), (0.45, -0.6, 0.86)], 0.02, metal("#b9bcc0"))


def _sack(u: float, v: float, a: float, b: float, height: float) -> tuple[float, float, float]:
    angle = 2 * math.pi * u

    def soft(value: float) -> float:
        return math.copysign(abs(value) ** 0.6, value)

    close = max(0.0, 1 - max(0.0, (v - 0.72) / 0.28) ** 2.4) ** 0.5 * min(1.0, 0.86 + v)
    return (a * close * soft(math.cos(angle)), b * close * soft(math.sin(angle)), height * v)


def wallet(leather: str, stitch: str) -> None:
    for k, (y, turn) in enumerate(((0.0, 0), (0.12, 16))):
        flap = slab(
            _rounded_rectangle(1.7, 1.35, 0.08), 0.07, grain(leather, leather, scale=26, roughness=0.5), bevel=0.03
        )
        place(flap, (0, y, 0.68), turn=(78 - 4 * k, 0, turn))
        frame = [(x * 0.92, yy * 0.9, 0.075) for x, yy in _rounded_rectangle(1.7, 1.35, 0.08)]
        line = cord(frame, 0.008, fabric(stitch), closed=True)
        line.parent = flap
    for k, tone in enumerate(("#3b2f8f", "#0d7c66")):
        place(
            box((1.3, 0.02, 0.9), plastic(tone, roughness=0.3), bevel=0.01),
            (-0.1 + 0.1 * k, 0.2 + 0.03 * k, 0.62 + 0.1 * k),
            turn=(-10, 0, 8),
        )


def belt(leather: str, buckle: str) -> None:
    turns = 2.6
    strip = grid(
        lambda u, v: (
            (0.35 + 0.26 * u * turns) * math.cos(2 * math.pi * turns * u),
            (0.35 + 0.26 * u * turns) * math.sin(2 * math.pi * turns * u),
            0.36 * v,
        ),
        grain(leather, leather, scale=24, roughness=0.5),
        steps=(260, 4),
    )
    thick = strip.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.045
    r, a = 0.35 + 0.26 * turns, 2 * math.pi * turns
    x, y = r * math.cos(a), r * math.sin(a)
    frame = box((0.07, 0.6, 0.5), metal(buckle), (x, y + 0.1, -0.06), bevel=0.02)
    hole = box((0.09, 0.42, 0.34), plastic("#1b1410"), (x, y + 0.1, 0.02), bevel=0.02)
    hole.scale = (0.7, 1, 1)
    frame.rotation_euler = hole.rotation_euler = (0, 0, math.radians(10))


def watch(case: str, dial: str, strap: str, *, steel: bool = False) -> None:
    loop = grid(
        lambda u, v: (
            (u - 0.5) * 0.46,
            0.62 * math.cos(math.radians(250 + 320 * v)),
            0.64 + 0.64 * math.sin(math.radians(250 + 320 * v)),
        ),
        metal(strap, roughness=0.25) if steel else grain(strap, strap, scale=26, roughness=0.55),
        steps=(8, 90),
    )
    thick = loop.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.07
    body = lathe(
        [(0, 0), (0.5, 0), (0.54, 0.05), (0.54, 0.14), (0.48, 0.2), (0.45, 0.16), (0, 0.16)],
        metal(case, roughness=0.18),
        radius=0.02,
    )
    parts = [lathe([(0, 0.162), (0.455, 0.162)], plastic(dial, roughness=0.3), radius=0)]
    for k in range(12):
        a = math.radians(30 * k)
        parts.append(
            box(
                (0.025, 0.1 if k % 3 == 0 else 0.06, 0.008),
                metal(case),
                (0.38 * math.sin(a), 0.38 * math.cos(a), 0.163),
                bevel=0,
                turn=(0, 0, -30 * k),
            )
        )
    for angle, long, wide in ((56, 0.24, 0.035), (-62, 0.36, 0.025)):
        a = math.radians(angle)
        parts.append(
            box(
                (wide, long, 0.008),
                metal(case),
                (long / 2 * math.sin(a), long / 2 * math.cos(a), 0.172),
                bevel=0,
                turn=(0, 0, -angle),
            )
        )
    parts.append(place(rod(0.06, 0.08, metal(case)), (0.53, 0, 0.1), turn=(0, 90, 0)))
    for part in parts:
        part.parent = body
    place(body, (0, -0.6, 0.68), turn=(82, 0, 0))


def sunglasses(frame: str, lens: str) -> None:
    rim = plastic(frame, roughness=0.2, coat=0.8)
    for s in (1, -1):
        outline = [
            (
                s * 0.62 + 0.48 * math.cos(math.radians(a)) * (1.06 if math.sin(math.radians(a)) > 0 else 0.94),
                0.39 * math.sin(math.radians(a)),
            )
            for a in range(0, 360, 15)
        ]
        cord([(x, -0.05, 0.45 + z) for x, z in outline], 0.055, rim, closed=True)
        pane = slab([(x, z) for x, z in outline], 0.02, plastic(lens, roughness=0.03, coat=1), bevel=0)
        place(pane, (0, -0.04, 0.45), turn=(90, 0, 0))
        cord([(s * 1.12, -0.03, 0.6), (s * 1.2, 0.3, 0.62), (s * 1.18, 1.2, 0.55), (s * 1.12, 1.75, 0.25)], 0.05, rim)
    cord([(-0.16, -0.06, 0.52), (0, -0.1, 0.6), (0.16, -0.06, 0.52)], 0.045, rim)


def umbrella(one: str, two: str) -> None:
    for k in range(8):
        a0, a1 = 2 * math.pi * k / 8, 2 * math.pi * (k + 1) / 8

        def panel(u: float, v: float, a0: float = a0, a1: float = a1) -> tuple[float, float, float]:
            a = a0 + (a1 - a0) * u
            r = 1.75 * math.sin(v * math.pi / 2.3) * (1 - 0.06 * v * math.sin(math.pi * u))
            return (
                r * math.cos(a),
                r * math.sin(a),
                1.95 + 0.85 * math.cos(v * math.pi / 2.1) + 0.05 * v * math.sin(math.pi * u),
            )

        grid(panel, fabric(one if k % 2 else two, weave=160, depth=0.1), steps=(14, 30))
    rod(0.03, 2.6, metal("#9a9ca0"), (0, 0, 0.35))
    cord(
        [(0, 0, 0.5), (0, 0, 0.12), (0.14, 0, 0.0), (0.3, 0, 0.08), (0.32, 0, 0.24)], 0.06, grain("#9a6b3d", "#5f3c1d")
    )
    rod(0.03, 0.2, metal("#9a9ca0"), (0, 0, 2.78))


# -- jewellery ------------------------------------------------------------------------------------


def bangles(colours: list[str], *, gold: str = GOLD) -> None:
    y = 0.0
    for k, colour in enumerate(colours):
        skin = metal(gold, roughness=0.15) if colour == "gold" else plastic(colour, roughness=0.08, coat=1)
        place(
            ring(0.62, 0.035 if colour != "gold" else 0.05, skin), (-0.02 * k, y, 0.66), turn=(84 + 2 * (k % 2), 0, 14)
        )
        if colour == "gold":
            for n in range(26):
                a = 2 * math.pi * n / 26
                ball(
                    0.035,
                    metal(gold, roughness=0.12),
                    (
                        -0.02 * k + 0.655 * math.cos(a) * math.cos(0.244),
                        y - 0.02 + 0.655 * math.cos(a) * math.sin(0.244),
                        0.66 + 0.655 * math.sin(a),
                    ),
                )
        y += 0.1


def jhumkas(gold: str, bead: str, stone: str) -> None:
    for s in (-0.55, 0.55):
        bell = lathe(
            [(0.03, 0.52), (0.14, 0.5), (0.3, 0.3), (0.36, 0.05), (0.38, 0), (0.34, 0.02), (0.26, 0.28), (0.05, 0.46)],
            metal(gold, roughness=0.2),
            radius=0.02,
        )
        place(bell, (s, 0, 0.35))
        for k in range(18):
            a = 2 * math.pi * k / 18
            ball(0.045, plastic(bead, roughness=0.15, coat=1), (s + 0.36 * math.cos(a), 0.36 * math.sin(a), 0.3))
            ball(0.02, metal(gold), (s + 0.36 * math.cos(a), 0.36 * math.sin(a), 0.37))
        for k in range(12):
            a = 2 * math.pi * k / 12
            ball(0.03, metal(gold), (s + 0.25 * math.cos(a), 0.25 * math.sin(a), 0.72))
        ball(0.07, metal(gold), (s, 0, 0.93))
        stud = lathe([(0, 0), (0.24, 0), (0.22, 0.06), (0, 0.08)], metal(gold, roughness=0.2), radius=0.02)
        place(stud, (s, -0.02, 1.26), turn=(90, 0, 0))
        place(ball(0.1, glass(stone, ior=1.7)), (s, -0.1, 1.26), scale=(1, 0.6, 1))
        for k in range(12):
            a = 2 * math.pi * k / 12
            ball(0.035, plastic(bead, roughness=0.15, coat=1), (s + 0.2 * math.cos(a), -0.1, 1.26 + 0.2 * math.sin(a)))


def necklace(bead: str, pendant: str, stone: str) -> None:
    pearl = plastic(bead, roughness=0.12, coat=1)
    points = []
    for k in range(61):
        t = k / 60 * 2 - 1
        points.append((1.05 * math.sin(t * 2.45), 0.4 + 1.35 * math.cos(t * 2.45) * -0.8 + 0.2, 0.09))
    for k, (x, y, z) in enumerate(points):
        ball(0.062 + 0.03 * (1 - abs(k - 30) / 30), pearl, (x, y, z))
    x, y, _ = points[30]
    for k in range(10):
        a = 2 * math.pi * k / 10
        place(
            ball(0.1, metal(pendant, roughness=0.2)),
            (x + 0.22 * math.cos(a), y - 0.38 + 0.26 * math.sin(a), 0.06),
            scale=(1, 1, 0.5),
        )
        ball(0.045, plastic(bead, roughness=0.1, coat=1), (x + 0.33 * math.cos(a), y - 0.38 + 0.37 * math.sin(a), 0.06))
    place(ball(0.18, glass(stone, ior=1.7)), (x, y - 0.38, 0.09), scale=(1, 1.3, 0.55))


def finger_ring(gold: str, stone: str) -> None:
    ring(0.42, 0.055, metal(gold, roughness=0.12), (0, 0, 0.47), turn=(80, 0, 22))
    gem = lathe([(0, 0), (0.16, 0.14), (0.13, 0.2), (0, 0.2)], glass(stone, ior=2.2), radius=0, sides=12)
    for polygon in gem.data.polygons:
        polygon.use_smooth = False
    place(gem, (0, 0.08, 0.88))
    for k in range(4):
        a = math.radians(45 + 90 * k)
        cord(
            [
                (0.05 * math.cos(a), 0.08 + 0.05 * math.sin(a), 0.88),
                (0.16 * math.cos(a), 0.08 + 0.16 * math.sin(a), 0.98),
                (0.14 * math.cos(a), 0.08 + 0.14 * math.sin(a), 1.09),
            ],
            0.018,
            metal(gold),
        )
    lathe([(0, 0), (0.62, 0), (0.62, 0.09), (0, 0.09)], plastic("#f1eef8", roughness=0.7))


def anklets(silver: str) -> None:
    for k in range(2):
        at = (-0.35 + 0.75 * k, 0.5 * k, 0.06)
        for x, y, z in circle(0.75, at=at, points=46):
            ball(0.045, metal(silver, roughness=0.15), (x, y, z))
        for x, y, z in circle(0.8, at=(at[0], at[1], 0.1), points=14):
            drop = lathe(
                [(0, 0.1), (0.07, 0.04), (0.06, -0.05), (0, -0.07)], metal(silver, roughness=0.15), radius=0.02
            )
            place(drop, (x, y, z - 0.02))


def gift_box(label: Label, ribbon: str, side: str) -> None:
    body = box((1.9, 1.9, 1.1), plastic(side, roughness=0.4), bevel=0.02, turn=(0, 0, 24))
    face(0.62, 0.62, printed(print_for(label, 0.62, 0.62)), (0.5, -0.953, 0.5)).parent = body
    box((1.98, 1.98, 0.3), plastic(side, roughness=0.4), (0, 0, 1.0), bevel=0.02).parent = body
    satin = plastic(ribbon, roughness=0.25)
    for size in ((0.22, 2.0, 1.315), (2.0, 0.22, 1.318)):
        box(size, satin, (0, 0, 0), bevel=0.01).parent = body
    for k in range(6):
        loop = ring(
            0.26,
            0.07,
            satin,
            (0.24 * math.cos(k * 1.047), 0.24 * math.sin(k * 1.047), 1.46),
            turn=(90, 0, 60 * k),
            scale=(1, 0.6, 1),
        )
        loop.scale = (1.15, 0.62, 0.9)
    ball(0.11, satin, (0, 0, 1.5))
