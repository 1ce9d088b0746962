"""Which of the written reviews (`reviews.toml`) a product gets."""

import tomllib
from pathlib import Path

from pymart.demo.content import Listing, dice

SHARES = {5: 47, 4: 30, 3: 12, 2: 6, 1: 5}
Text = tuple[int, str, str]


class Words:
    """Draws ratings in realistic shares, some products being better than others, and no text twice for a product."""

    def __init__(self) -> None:
        path = Path(__file__).parent / "reviews.toml"
        self.texts = {kind: section["texts"] for kind, section in tomllib.loads(path.read_text()).items()}
        self.used: dict[str, set[str]] = {}

    def about(self, listing: Listing) -> Text | None:
        used = self.used.setdefault(listing.slug, set())
        free = [text for text in self.texts[listing.kind] if text[1] not in used]
        if not free:
            return None
        quality = dice("quality", listing.slug).uniform(0.55, 1.5)
        rng = dice("text", listing.slug, len(used))
        weights = [SHARES[stars] * quality ** (stars - 4) / sum(t[0] == stars for t in free) for stars, _, _ in free]
        [(stars, title, body)] = rng.choices(free, weights)
        used.add(title)
        return stars, title, body
