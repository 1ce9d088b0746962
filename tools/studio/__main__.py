"""
Take the pictures: `python pymart/demo/studio OUT FONTS [name …]` in an environment with `bpy` and `pillow`.

FONTS is a folder that holds the npm packages `@expo-google-fonts/{poppins,baloo-2,playfair-display,rozha-one,
yatra-one,oswald}` unpacked (all SIL OFL). Pictures that OUT already has are left alone.
"""

import os
import sys
from pathlib import Path

import bpy  # noqa: F401 — first: the modules below need what it brings
import kit
import prints
from shots import SHOTS

FONT_FILES = {
    "brand": "Baloo2_700Bold.ttf",
    "bold": "Poppins_600SemiBold.ttf",
    "semi": "Poppins_500Medium.ttf",
    "plain": "Poppins_400Regular.ttf",
    "serif": "PlayfairDisplay_700Bold.ttf",
    "royal": "RozhaOne_400Regular.ttf",
    "yatra": "YatraOne_400Regular.ttf",
    "tall": "Oswald_600SemiBold.ttf",
}


def main(out: Path, fonts: Path, names: list[str]) -> None:
    prints.FONTS.update({short: next(fonts.rglob(name)) for short, name in FONT_FILES.items()})
    size, samples = int(os.environ.get("STUDIO_SIZE", "680")), int(os.environ.get("STUDIO_SAMPLES", "10"))
    for name in names or SHOTS:
        path = out / f"{name}.webp"
        if path.exists():
            continue
        kit.empty_room(size=size, samples=samples)
        SHOTS[name].build()
        kit.shoot(path, yaw=SHOTS[name].yaw, tilt=SHOTS[name].tilt)
        print(name, path.stat().st_size, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
