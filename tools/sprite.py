"""
Write static/icons/sprite.svg from the icons named in icons.txt.

Usage: npm pack lucide-static && tar xf lucide-static-*.tgz
       python tools/sprite.py package/icons
"""

import re
import sys
from pathlib import Path

NAMES = Path(__file__).with_name("icons.txt")
SPRITE = Path(__file__).resolve().parent.parent / "static" / "icons" / "sprite.svg"

STAR = "M12 1.9l3.1 6.3 7 1-5 4.9 1.2 6.9L12 17.7 5.7 21l1.2-6.9-5-4.9 7-1z"


def symbol(name: str, source: Path) -> str:
    body = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.DOTALL)
    if body is None:
        raise SystemExit(f"{source} is no icon.")
    inner = re.sub(r"\s*\n\s*", "", body[1]).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def stars() -> str:
    """One star, and five in a row for ratings, drawn by us: filled ones have no outline."""
    row = "".join(f'<path d="{STAR}" transform="translate({24 * n})"/>' for n in range(5))
    return (
        f'<symbol id="star-filled" viewBox="0 0 24 24"><path d="{STAR}"/></symbol>\n'
        f'<symbol id="stars" viewBox="0 0 120 24">{row}</symbol>'
    )


def main() -> None:
    folder = Path(sys.argv[1])
    symbols = [symbol(name, folder / f"{name}.svg") for name in NAMES.read_text().split()]
    text = "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            "<!-- Icons: Lucide, ISC, see LICENSE beside this file. Made by tools/sprite.py. -->",
            *symbols,
            stars(),
            "</svg>",
            "",
        ]
    )
    SPRITE.write_text(text)
    sys.stdout.write(f"{len(symbols) + 2} icons, {len(text)} bytes\n")


if __name__ == "__main__":
    main()
