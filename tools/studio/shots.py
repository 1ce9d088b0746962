"""The shot list: which model is photographed for which picture, and from where."""

from collections.abc import Callable
from dataclasses import dataclass

import adorn
import gadgets
import home
import packs
import play
import wear
from prints import Label, cloth, cover


@dataclass(frozen=True)
class Shot:
    build: Callable[[], object]
    yaw: float = 0
    tilt: float = 14


SHOTS: dict[str, Shot] = {}


def shot(name: str, build: Callable[[], object], *, yaw: float = 0, tilt: float = 14) -> None:
    SHOTS[name] = Shot(build, yaw, tilt)


def pouch(
    name: str,
    text: tuple[str, str, str, str],
    main: str,
    window: list[str],
    grain: tuple[float, float],
    accent: str = "#f5a300",
    *,
    head: str = "brand",
    tall: float = 2.1,
    wide: float = 1.5,
    inside: tuple[float, float, float] | None = (0.07, 0.05, 0.045),
) -> None:
    """A window pouch with a little of its content in front."""
    brand, title, net, note = text
    spec = Label(
        brand,
        title,
        net,
        note,
        main=main,
        accent=accent,
        style="window",
        veg=True,
        window=window,
        grain=grain,
        head=head,
    )

    def build() -> None:
        packs.pouch(spec, width=wide, height=tall, depth=0.5 * wide / 1.5)
        if inside:
            packs.heap(window, count=130, size=inside, at=(0.25, -0.62), spread=0.7)

    shot(name, build, yaw=10 if len(title) % 2 else -12, tilt=12)


# -- grocery --------------------------------------------------------------------------------------

pouch(
    "toor-dal",
    ("Annvriksh", "Toor Dal", "Net Qty: 1 kg", "Unpolished · Latur"),
    "#7a1f1f",
    ["#e9b949", "#d99a2b", "#f0c96a"],
    (20, 17),
)
pouch(
    "moong-dal",
    ("Annvriksh", "Moong Dal Dhuli", "Net Qty: 1 kg", "Split and skinned"),
    "#14532d",
    ["#ecd06f", "#e2c052", "#f4e19a"],
    (18, 12),
)
pouch(
    "kabuli-chana",
    ("Annvriksh", "Kabuli Chana", "Net Qty: 1 kg", "Large 9 mm"),
    "#6b3a12",
    ["#e6cfa0", "#d9bd86", "#f0deb8"],
    (34, 31),
    inside=(0.1, 0.095, 0.09),
)
pouch(
    "rajma",
    ("Annvriksh", "Rajma Chitra", "Net Qty: 1 kg", "From Jammu hills"),
    "#234a36",
    ["#a2584a", "#c08271", "#7e3a33"],
    (36, 22),
    inside=(0.11, 0.07, 0.065),
)
pouch(
    "masoor-dal",
    ("Annvriksh", "Masoor Dal", "Net Qty: 1 kg", "Whole, with skin"),
    "#3d2a5c",
    ["#6b4a38", "#7d5a43", "#543828"],
    (18, 16),
)
pouch(
    "basmati-rice",
    ("Dhaanya Mahal", "Basmati Rice", "Net Qty: 5 kg", "Aged 18 months"),
    "#1b2a5c",
    ["#f7f2e4", "#efe8d2", "#fffaf0"],
    (34, 8),
    "#c9a227",
    head="royal",
    tall=2.4,
    wide=1.65,
    inside=(0.12, 0.028, 0.028),
)
pouch(
    "sona-masoori",
    ("Dhaanya Mahal", "Sona Masoori", "Net Qty: 5 kg", "Light, low starch"),
    "#7b1e3a",
    ["#f6f1e3", "#eee6cf", "#fdf8ea"],
    (20, 8),
    "#c9a227",
    head="royal",
    tall=2.4,
    wide=1.65,
    inside=(0.075, 0.028, 0.028),
)
pouch(
    "poha",
    ("Annvriksh", "Thick Poha", "Net Qty: 500 g", "For kanda poha"),
    "#7a4a00",
    ["#f4ecd6", "#ece0c2", "#faf5e6"],
    (26, 17),
)
pouch(
    "turmeric",
    ("Masala Mitti", "Haldi Powder", "Net Qty: 200 g", "Salem turmeric"),
    "#9a3d00",
    ["#e5a100", "#d99200", "#f0b52c"],
    (7, 6),
    "#ffd34d",
    head="yatra",
    inside=(0.03, 0.03, 0.025),
)
pouch(
    "red-chilli",
    ("Masala Mitti", "Lal Mirch", "Net Qty: 200 g", "Guntur, medium hot"),
    "#7d0f12",
    ["#c2261b", "#a81d14", "#d23c2a"],
    (7, 6),
    "#ff9f1c",
    head="yatra",
    inside=(0.03, 0.03, 0.025),
)
pouch(
    "garam-masala",
    ("Masala Mitti", "Garam Masala", "Net Qty: 100 g", "12 whole spices"),
    "#40220f",
    ["#6f4a2a", "#82592f", "#5a3b20"],
    (8, 7),
    "#e0a500",
    head="yatra",
    inside=(0.03, 0.03, 0.025),
)
pouch(
    "cumin",
    ("Masala Mitti", "Jeera Whole", "Net Qty: 250 g", "Unjha, machine cleaned"),
    "#5a4410",
    ["#9b7a45", "#86683a", "#b08f58"],
    (22, 6),
    "#f0c04a",
    head="yatra",
    inside=(0.08, 0.022, 0.022),
)
pouch(
    "almonds",
    ("Mewa Galli", "California Almonds", "Net Qty: 500 g", "Regular, raw"),
    "#0f4c5c",
    ["#a8642f", "#925425", "#bb7a43"],
    (44, 24),
    "#e9c46a",
    inside=(0.13, 0.075, 0.05),
)
pouch(
    "cashews",
    ("Mewa Galli", "Kaju W320", "Net Qty: 500 g", "Whole, from Kollam"),
    "#5b2333",
    ["#efe0bf", "#e6d3aa", "#f7ecd2"],
    (42, 20),
    "#e9c46a",
    inside=(0.12, 0.06, 0.055),
)
pouch(
    "tea",
    ("Chaibaghan", "Assam CTC Tea", "Net Qty: 500 g", "Strong kadak chai"),
    "#123524",
    ["#3a2517", "#4a301d", "#2b1a10"],
    (10, 9),
    "#e63946",
    head="serif",
    inside=(0.035, 0.035, 0.03),
)
pouch(
    "jaggery",
    ("Kolhar", "Gud Powder", "Net Qty: 900 g", "No sulphur, no colour"),
    "#5c2e00",
    ["#b8732a", "#a5621f", "#c98a3f"],
    (9, 8),
    "#ffcf70",
    inside=(0.035, 0.035, 0.03),
)
shot(
    "atta",
    lambda: packs.pouch(
        Label(
            "Chakki Chauk",
            "Sharbati Atta",
            "Net Qty: 5 kg",
            "Stone-ground, MP wheat",
            main="#8a5a00",
            paper="#fff4d6",
            accent="#c1121f",
            style="burst",
            veg=True,
        ),
        width=1.7,
        height=2.45,
        depth=0.7,
    ),
    yaw=12,
)
shot(
    "filter-coffee",
    lambda: packs.tin(
        Label(
            "Malnad Kaapi",
            "Filter Coffee 80:20",
            "Net Qty: 250 g",
            "Chikmagalur Peaberry",
            main="#3b1f14",
            paper="#f3e3c8",
            accent="#c1121f",
            style="mandala",
            veg=True,
            head="royal",
        ),
        lid="#a0742c",
    ),
)
shot(
    "ghee",
    lambda: packs.jar(
        Label(
            "Gokul Aangan",
            "Desi Cow Ghee",
            "500 ml",
            "Slow cooked, bilona style",
            main="#8a3b08",
            accent="#f5c04a",
            style="mandala",
            veg=True,
            head="royal",
            fit=0.8,
        ),
        filling="#e0a82e",
    ),
)
shot(
    "honey",
    lambda: packs.jar(
        Label(
            "Vanmadhu",
            "Forest Honey",
            "500 g",
            "Raw, from the Nilgiris",
            main="#3d2a00",
            paper="#fff3cf",
            accent="#f5a300",
            style="minimal",
            veg=True,
            head="serif",
            fit=0.8,
        ),
        filling="#b8650a",
        lid="#2b2b2b",
    ),
)
shot(
    "mango-pickle",
    lambda: packs.jar(
        Label(
            "Dadi ki Barni",
            "Aam ka Achaar",
            "400 g",
            "Sun-cured, mustard oil",
            main="#a11d1d",
            paper="#fff1c9",
            accent="#2f7d32",
            style="band",
            veg=True,
            head="yatra",
            fit=0.8,
        ),
        filling="#b5541a",
        lid="#a11d1d",
    ),
)
shot(
    "peanut-butter",
    lambda: packs.jar(
        Label(
            "Akhrot Lane",
            "Peanut Butter",
            "1 kg",
            "Unsweetened, crunchy",
            main="#5a3414",
            paper="#fbead0",
            accent="#e85d04",
            style="band",
            veg=True,
            fit=0.8,
        ),
        filling="#b87d42",
        lid="#5a3414",
        clear=False,
        height=1.3,
    ),
)
shot(
    "mustard-oil",
    lambda: packs.bottle(
        Label(
            "Ghanidhara",
            "Mustard Oil",
            "1 litre",
            "Kachi ghani, cold-pressed",
            main="#7a5200",
            paper="#fff2bf",
            accent="#d62828",
            style="burst",
            veg=True,
            fit=0.8,
        ),
        colour="#c98a0c",
        cap="#d62828",
        liquid=True,
        height=2.2,
        radius=0.42,
    ),
)
shot(
    "groundnut-oil",
    lambda: packs.bottle(
        Label(
            "Ghanidhara",
            "Groundnut Oil",
            "1 litre",
            "Wood-pressed, single filter",
            main="#6a2c00",
            paper="#fff0d0",
            accent="#f5a300",
            style="band",
            veg=True,
            fit=0.8,
        ),
        colour="#e0ae3f",
        cap="#2f6b3a",
        liquid=True,
        height=2.2,
        radius=0.42,
    ),
)
shot(
    "bhujia",
    lambda: packs.pillow(
        Label(
            "Chatpata Chauk",
            "Bikaneri Bhujia",
            "Net Qty: 400 g",
            "Moth dal, crisp and spicy",
            main="#c1121f",
            paper="#ffe9a8",
            accent="#ffb703",
            style="burst",
            veg=True,
            head="yatra",
        )
    ),
    yaw=-8,
)
shot(
    "makhana",
    lambda: packs.pillow(
        Label(
            "Phool Makhana Co",
            "Roasted Makhana",
            "Net Qty: 100 g",
            "Pudina, no palm oil",
            main="#1f6f54",
            paper="#eafbe7",
            accent="#ffd166",
            style="leafy",
            veg=True,
        )
    ),
    yaw=9,
)
shot(
    "cookies",
    lambda: packs.carton(
        Label(
            "Nankhataiwala",
            "Ghee Nankhatai",
            "Net Qty: 300 g",
            "Cardamom and pista",
            main="#7b2d26",
            paper="#fbe8cf",
            accent="#d9a73e",
            style="mandala",
            veg=True,
            head="royal",
        ),
        (1.9, 0.6, 1.3),
        side="#7b2d26",
    ),
    yaw=-24,
    tilt=20,
)
shot(
    "dark-chocolate",
    lambda: packs.carton(
        Label(
            "Idukki Cacao",
            "70% Dark Chocolate",
            "Net Qty: 80 g",
            "Single estate, sea salt",
            main="#22120c",
            paper="#f0e2d0",
            accent="#d9a73e",
            style="minimal",
            veg=True,
            head="serif",
        ),
        (0.95, 0.16, 1.9),
        side="#22120c",
    ),
    yaw=-22,
)
shot(
    "rooh-sharbat",
    lambda: packs.bottle(
        Label(
            "Gulbahar",
            "Rose Sharbat",
            "750 ml",
            "Real rose extract",
            main="#9d174d",
            paper="#ffe4ec",
            accent="#f5a300",
            style="leafy",
            veg=True,
            head="royal",
            fit=0.8,
        ),
        colour="#b3123f",
        cap="#f3e3c8",
        liquid=True,
        height=2.3,
        radius=0.38,
    ),
)

# -- beauty ---------------------------------------------------------------------------------------

shot(
    "neem-face-wash",
    lambda: packs.tube(
        Label("Nimbaya", "Neem Face Wash", "100 ml", "Oily, acne-prone skin", main="#2f7d4f", style="leafy", fit=0.72),
        cap="#2f7d4f",
        body="#fff6df",
    ),
    yaw=-12,
)
shot(
    "sunscreen",
    lambda: packs.tube(
        Label(
            "Dhoop Chhaon",
            "Sunscreen SPF 50",
            "50 g",
            "PA++++, no white cast",
            main="#e07a1f",
            paper="#fffaf0",
            accent="#ffd166",
            style="minimal",
            fit=0.72,
        ),
        cap="#e07a1f",
        body="#fffaf0",
        height=1.4,
    ),
    yaw=12,
)
shot(
    "toothpaste",
    lambda: packs.tube(
        Label(
            "Dantkiran",
            "Laung Toothpaste",
            "150 g",
            "Clove, neem and salt",
            main="#a4161a",
            paper="#fff5f0",
            accent="#2f7d4f",
            style="band",
            fit=0.72,
        ),
        cap="#a4161a",
        body="#fff5f0",
        height=1.8,
    ),
    yaw=10,
)
shot(
    "hand-cream",
    lambda: packs.tube(
        Label(
            "Kokum & Kaal",
            "Kokum Hand Cream",
            "75 ml",
            "For dry, cracked hands",
            main="#6d2e46",
            paper="#f8e9ee",
            accent="#d9a73e",
            style="minimal",
            head="serif",
            fit=0.72,
        ),
        cap="#6d2e46",
        body="#f8e9ee",
        height=1.35,
    ),
    yaw=-10,
)
shot(
    "hair-oil",
    lambda: packs.bottle(
        Label(
            "Kesh Vedika",
            "Bhringraj Hair Oil",
            "200 ml",
            "Cold-pressed til base",
            main="#4c2a85",
            style="minimal",
            head="serif",
            fit=0.78,
        ),
        colour="#4a2a12",
        cap="#1d1d1d",
    ),
)
shot(
    "coconut-oil",
    lambda: packs.bottle(
        Label(
            "Kera Theeram",
            "Coconut Oil",
            "500 ml",
            "Virgin, from Thrissur",
            main="#0b5e8a",
            paper="#f2fbff",
            accent="#f5a300",
            style="leafy",
            fit=0.78,
        ),
        colour="#eaf6fb",
        cap="#0b5e8a",
        height=1.9,
    ),
)
shot(
    "shampoo",
    lambda: packs.bottle(
        Label(
            "Kesh Vedika",
            "Shikakai Shampoo",
            "300 ml",
            "Reetha, amla · sulphate free",
            main="#31572c",
            style="leafy",
            fit=0.78,
        ),
        colour="#dfe8cf",
        cap="#31572c",
        pump=True,
    ),
)
shot(
    "body-lotion",
    lambda: packs.bottle(
        Label(
            "Mogra Mandal",
            "Body Lotion",
            "400 ml",
            "Mogra and shea",
            main="#7a4069",
            paper="#fdf3fa",
            accent="#d9a73e",
            style="mandala",
            head="serif",
            fit=0.78,
        ),
        colour="#fdf3fa",
        cap="#7a4069",
        pump=True,
        radius=0.4,
    ),
)
shot(
    "hand-wash",
    lambda: packs.bottle(
        Label(
            "Saafsutra",
            "Nimbu Hand Wash",
            "500 ml",
            "Lemongrass, glycerine",
            main="#5c7a00",
            paper="#fbffe3",
            accent="#f5d90a",
            style="band",
            fit=0.78,
        ),
        colour="#d8e86b",
        cap="#5c7a00",
        pump=True,
        liquid=True,
        radius=0.38,
    ),
)
shot(
    "aloe-gel",
    lambda: packs.jar(
        Label(
            "Nimbaya",
            "Aloe Vera Gel",
            "200 g",
            "No colour, no perfume",
            main="#1f7a5a",
            paper="#effdf5",
            accent="#9bd770",
            style="leafy",
            fit=0.8,
        ),
        filling="#bfe8c4",
        lid="#1f7a5a",
        height=0.85,
    ),
)
shot(
    "night-cream",
    lambda: packs.jar(
        Label(
            "Kumkumari",
            "Night Cream",
            "50 g",
            "Saffron and manjistha",
            main="#8a1c3c",
            paper="#fff3ea",
            accent="#d9a73e",
            style="mandala",
            head="royal",
            fit=0.8,
        ),
        filling="#fff3ea",
        lid="#8a1c3c",
        clear=False,
        height=0.72,
        low=0.12,
        high=0.86,
    ),
)
shot(
    "soap",
    lambda: packs.bar(
        Label(
            "Mysandal",
            "Chandan Soap",
            "125 g × 3",
            "Sandalwood, cold process",
            main="#6b3e14",
            paper="#fbeed6",
            accent="#d9a73e",
            style="mandala",
            head="royal",
        ),
        wrap="#6b3e14",
        colour="#e9cfa0",
    ),
    yaw=-6,
    tilt=20,
)
shot("lipstick", lambda: packs.lipstick("#a3182f"), yaw=-6, tilt=12)
shot("kajal", lambda: packs.lipstick("#141216", case="#15131a", band="#b9bcc0"), yaw=12, tilt=10)
shot(
    "beard-oil",
    lambda: packs.dropper(
        Label(
            "Mooch & Co",
            "Beard Oil",
            "30 ml",
            "Argan, cedarwood",
            main="#1f2a36",
            paper="#efe7d8",
            accent="#b5651d",
            style="minimal",
            head="tall",
            fit=0.78,
        )
    ),
)
shot(
    "face-serum",
    lambda: packs.dropper(
        Label(
            "Dhoop Chhaon",
            "Vitamin C Serum",
            "30 ml",
            "10%, with ferulic acid",
            main="#d97706",
            paper="#fff9ec",
            accent="#f5a300",
            style="minimal",
            fit=0.78,
        ),
        colour="#c9741a",
        rubber="#f4f1ea",
    ),
)
shot(
    "attar",
    lambda: packs.bottle(
        Label(
            "Ittarwali Gali",
            "Khus Attar",
            "12 ml",
            "Alcohol-free roll-on",
            main="#22543d",
            paper="#f2f7e8",
            accent="#d9a73e",
            style="mandala",
            head="royal",
            fit=0.78,
        ),
        colour="#3f7d3a",
        cap="#d9a73e",
        liquid=True,
        height=1.25,
        radius=0.3,
    ),
)
shot(
    "mehendi",
    lambda: packs.pouch(
        Label(
            "Rachna",
            "Mehendi Powder",
            "Net Qty: 200 g",
            "Triple-sifted, Sojat",
            main="#2f4f1f",
            paper="#f4f1d0",
            accent="#b5651d",
            style="mandala",
            head="yatra",
        ),
        width=1.3,
        height=1.8,
    ),
    yaw=-10,
)

# -- fashion --------------------------------------------------------------------------------------

LAY = {"tilt": 78.0}
shot("blockprint-kurta", lambda: wear.kurta(cloth("buti", "#1f4e79", "#f3e4c8", "#d9773a"), trim="#f3e4c8"), **LAY)
shot(
    "rayon-kurti",
    lambda: wear.kurta(
        cloth("jaal", "#8f2d56", "#f2c6a0", "#ffd9a0", count=7), trim="#f2c6a0", long=0.82, sleeve=0.42, seed=5
    ),
    **LAY,
)
shot(
    "chikan-kurta",
    lambda: wear.kurta(
        cloth("buti", "#f6f2ea", "#d6d9d0", "#e6e8df", count=9), trim="#e1dccd", seed=9, placket="#fbf8f1"
    ),
    **LAY,
)
shot(
    "anarkali",
    lambda: wear.frock(
        cloth("buti", "#0f5c4d", "#e0b354", "#f5e3a8", count=9), trim="#e0b354", bodice="#0f5c4d", seed=11
    ),
    **LAY,
)
shot(
    "silk-saree",
    lambda: wear.saree(
        cloth("border", "#8c1f3f", "#c9a227", "#f6e3a1"), cloth("jaal", "#8c1f3f", "#c9a227", "#f6e3a1")
    ),
    tilt=32,
    yaw=-24,
)
shot(
    "kasavu-saree",
    lambda: wear.saree(
        cloth("kasavu", "#f5eddb", "#c9a227", "#f6e3a1"), cloth("stripe", "#f5eddb", "#d9b64c", "#c9a227", count=5)
    ),
    tilt=32,
    yaw=24,
)
shot(
    "jamdani-saree",
    lambda: wear.saree(
        cloth("border", "#e7ecef", "#27476e", "#d9e3ea"), cloth("buti", "#27476e", "#e7ecef", "#c9d6df", count=7)
    ),
    tilt=32,
    yaw=-24,
)
shot(
    "ikat-saree",
    lambda: wear.saree(
        cloth("ikat", "#1d3557", "#e63946", "#f1faee", count=9), cloth("ikat", "#7a1f3d", "#e9c46a", "#f1faee", count=7)
    ),
    tilt=32,
    yaw=24,
)
shot(
    "bandhani-dupatta",
    lambda: wear.draped(cloth("bandhani", "#a6192e", "#f5d142", "#ffffff", count=14), fringe="#a6192e"),
    tilt=6,
)
shot(
    "palazzo",
    lambda: wear.trousers(cloth("buti", "#22333b", "#e0c9a6", "#c97b4a", count=10), trim="#22333b", wide=0.11, seed=8),
    **LAY,
)
shot("check-shirt", lambda: wear.shirt(cloth("check", "#f4f1ea", "#35618f", "#9c3b3b"), trim="#35618f"), **LAY)
shot(
    "linen-shirt",
    lambda: wear.shirt(cloth("plain", "#b7c4a8", "#b7c4a8"), trim="#8ea07c", long_sleeve=False, seed=12),
    **LAY,
)
shot(
    "formal-shirt",
    lambda: wear.shirt(cloth("stripe", "#f8f9fb", "#dbe5f2", "#b8cbe4", count=18), trim="#b8cbe4", seed=15),
    **LAY,
)
shot("graphic-tee", lambda: wear.tee(cloth("plain", "#31525b", "#31525b"), trim="#31525b", art="#f5a300"), **LAY)
shot("polo", lambda: wear.tee(cloth("plain", "#14213d", "#14213d"), trim="#fca311", polo=True, seed=13), **LAY)
shot(
    "mens-kurta",
    lambda: wear.kurta(
        cloth("plain", "#e9dfc9", "#e9dfc9"), trim="#b88a3a", collar=True, sleeve=0.62, long=0.9, placket="#efe6d3"
    ),
    **LAY,
)
shot(
    "nehru-jacket",
    lambda: wear.jacket(cloth("ikat", "#7a1f3d", "#c79a3b", "#f1e3c4", count=14), trim="#7a1f3d", buttons="#c9a227"),
    **LAY,
)
shot("jeans", lambda: wear.trousers(cloth("plain", "#2b4566", "#2b4566"), trim="#2b4566", jeans=True), **LAY)
shot(
    "veshti",
    lambda: wear.stack([cloth("kasavu", "#fbf8f0", "#c9a227", "#f0dc98")], layers=4, thick=0.09),
    tilt=34,
    yaw=20,
)
shot(
    "girls-frock",
    lambda: wear.frock(cloth("buti", "#f7c6cf", "#b5294e", "#fff2b8"), trim="#b5294e", bodice="#f7dfe3"),
    **LAY,
)
shot(
    "kids-tee",
    lambda: wear.tee(cloth("colourblock", "#f3efe6", "#e4572e", "#2e86ab"), trim="#2e86ab", seed=17, repeat=1.0),
    **LAY,
)
shot("kolhapuri", lambda: adorn.kolhapuri("#b07a42", "#e0b354"), tilt=24)
shot(
    "jutti", lambda: adorn.jutti(cloth("jaal", "#b3123f", "#e8c35a", "#ffffff", count=6), "#f1d9b0", "#e8c35a"), tilt=24
)
shot("flip-flops", lambda: adorn.flip_flops("#1d3557", "#e63946"), tilt=28)
shot("sneakers", lambda: adorn.sneakers("#eef0f2", "#f7f7f5", "#2b6cb0"), tilt=20)

# -- home and kitchen -----------------------------------------------------------------------------

shot("pressure-cooker", lambda: home.pressure_cooker(), yaw=18, tilt=18)
shot(
    "hard-anodised-cooker",
    lambda: home.pressure_cooker("#34363b", lid="#c9ccd0", radius=1.1, height=1.3),
    yaw=-16,
    tilt=16,
)
shot("kadai", lambda: home.kadai("#26272a", "#1e1f21"), tilt=26, yaw=12)
shot("copper-kadai", lambda: home.kadai("#c06a3d", "#d5d7da", wooden=True), tilt=26, yaw=-12)
shot("tawa", lambda: home.tawa("#202124"), tilt=34)
shot("tiffin", lambda: home.tiffin(), tilt=12, yaw=14)
shot("masala-dabba", lambda: home.masala_box(), tilt=36, yaw=6)
shot(
    "steel-flask",
    lambda: home.flask(
        "#27476e",
        "#17181b",
        label=Label(
            "Paniyaari",
            "hot 18 h · cold 24 h",
            main="#27476e",
            paper="#27476e",
            accent="#27476e",
            ink="#f2f4f7",
            style="minimal",
        ),
    ),
    tilt=8,
)
shot("copper-bottle", lambda: home.copper_bottle(), tilt=10)
shot("mixer-grinder", lambda: home.mixer("#b3262b", "#f0d48a"), tilt=12, yaw=-14)
shot(
    "induction",
    lambda: home.induction(
        Label("Agnika", "", main="#17181b", paper="#17181b", accent="#17181b", ink="#e6e7ea", style="minimal")
    ),
    tilt=38,
    yaw=16,
)
shot("kulhad-set", lambda: home.cups("#b5653a", "#b9844f", count=6, kulhad=True), tilt=26)
shot("chai-cups", lambda: home.cups("#1f5f6b", "#b9844f", count=4, saucer=True), tilt=28)
shot("dinner-set", lambda: home.dinner_set("#fbfaf6", "#27476e"), tilt=24)
shot("steel-thali", lambda: home.steel_plate_set(), tilt=36)
shot("water-jug", lambda: home.jug("#a9d3ea", "#2b6cb0"), tilt=12)
shot("storage-jars", lambda: home.storage_jars("wood", ["#e0b354", "#f2ead6", "#8c4a2f", "#2f3a2a"]), tilt=12)
shot("iron", lambda: home.iron("#2b4c7e"), tilt=22, yaw=24)
shot("bucket-set", lambda: home.fan_heater_free_bucket("#3a86a8", "#f4a261"), tilt=18)
shot("table-lamp", lambda: home.lamp("#efe2c6", "#b08a3c"), tilt=10)
shot("wall-clock", lambda: home.clock("wood", "#f6f1e4", "#2a2320"), tilt=8, yaw=-12)
shot(
    "bedsheet",
    lambda: wear.stack(
        [cloth("jaal", "#f1ece2", "#2f6f73", "#d9773a"), cloth("stripe", "#f1ece2", "#2f6f73", "#d9773a", count=12)],
        layers=6,
        thick=0.13,
        size=(2.4, 1.8),
    ),
    tilt=30,
    yaw=-26,
)
shot(
    "jaipuri-razai",
    lambda: wear.stack([cloth("buti", "#fbf3e7", "#b5294e", "#2f7d4f", count=9)], layers=4, thick=0.3, size=(2.4, 1.9)),
    tilt=28,
    yaw=24,
)
shot(
    "towels",
    lambda: wear.rolled([wear.plain("#2f6f73"), wear.plain("#e7dcc8"), wear.plain("#c46b4b")]),
    tilt=14,
    yaw=24,
)
shot(
    "cushion-covers",
    lambda: (
        wear.cushion(cloth("ikat", "#e9e2d0", "#1f5f5b", "#d98e04")),
        wear.cushion(cloth("stripe", "#f2ede1", "#1f5f5b", "#d98e04"), at=(1.1, 0.9, 0), turn=-14),
    ),
    tilt=10,
)
shot(
    "curtains",
    lambda: wear.draped(cloth("jaal", "#e8e0d2", "#8a9a86", "#c9b48a", count=10), height=3.2, width=2.2, folds=7),
    tilt=4,
)
shot("jute-rug", lambda: home.rope_mat("#b98f57", "#5a3b20"), tilt=40)
shot(
    "storage-scale",
    lambda: home.weighing_scale(
        Label("Tolmaap", "", main="#15171b", paper="#15171b", accent="#15171b", ink="#e6e7ea", style="minimal")
    ),
    tilt=40,
    yaw=20,
)

# -- electronics ----------------------------------------------------------------------------------

shot("smartphone", lambda: gadgets.phone("#2f4a6d", "#ff9e6d", "#3b2f8f"), tilt=8)
shot("smartphone-lite", lambda: gadgets.phone("#6fb3a0", "#ffd6a5", "#157a6e"), tilt=8)
shot("tablet", lambda: gadgets.tablet("#8d9096", "#ffb4a2", "#6d597a"), tilt=16, yaw=-16)
shot("laptop", lambda: gadgets.laptop("#b9bcc2", "#9bd1ff", "#274690"), tilt=22, yaw=-22)
shot("television", lambda: gadgets.television("#ffcf8b", "#a23e48"), tilt=6, yaw=-14)
shot("smartwatch", lambda: gadgets.smartwatch("#2b2d31", "#1d3557", "#e63946", "#35c46a"), tilt=14, yaw=-22)
shot("earbuds", lambda: gadgets.earbuds("#f3f2ee", "#3b2f8f"), tilt=24)
shot("neckband", lambda: gadgets.neckband("#1b1c20", "#e63946"), tilt=42)
shot("headphones", lambda: gadgets.headphones("#24262b", "#5a3a2c"), tilt=12, yaw=26)
shot("speaker", lambda: gadgets.speaker("#0f5c66", "#17181b"), tilt=14, yaw=-16)
shot(
    "power-bank",
    lambda: gadgets.power_bank(
        "#26364a",
        "#35c46a",
        cover(
            "Urjavan", "20,000 mAh · 22.5 W", paper="#26364a", ink="#e6eaf0", accent="#26364a", art="none", head="bold"
        ),
    ),
    tilt=14,
)
shot("charger", lambda: gadgets.charger("#f5f5f3", "#f5f5f3"), tilt=20)
shot("keyboard", lambda: gadgets.keyboard("#d9d4c8", "#f3efe6", "#e07a1f"), tilt=34, yaw=-18)
shot("mouse", lambda: gadgets.mouse("#2b2d31", "#e07a1f"), tilt=28, yaw=-26)
shot("pen-drive", lambda: gadgets.pendrive("#8d9096"), tilt=30)
shot("smart-bulb", lambda: gadgets.bulb("#fff1d6"), tilt=8)
shot("smart-plug", lambda: gadgets.smart_plug("#f4f4f2"), tilt=14)

# -- books and stationery -------------------------------------------------------------------------

shot(
    "novel-monsoon",
    lambda: gadgets.book(
        cover("The Monsoon Ledger", "Ira Deshmukh", paper="#f3e6cf", ink="#1d3557", accent="#e07a1f", art="sun"),
        spine="#1d3557",
    ),
    yaw=-6,
)
shot(
    "novel-lanes",
    lambda: gadgets.book(
        cover("Nine Lanes of Chandpur", "Faizan Qureshi", paper="#20303c", ink="#f5e6c8", accent="#d98e04", art="city"),
        spine="#20303c",
    ),
    yaw=-6,
)
shot(
    "hindi-stories",
    lambda: gadgets.book(
        cover(
            "Aangan ki Dhoop",
            "Sudha Tripathi",
            paper="#fbe4c0",
            ink="#7a1f1f",
            accent="#c1440e",
            art="mandala",
            head="yatra",
        ),
        spine="#7a1f1f",
    ),
    yaw=-6,
)
shot(
    "cookbook",
    lambda: gadgets.book(
        cover(
            "Forty Dals",
            "Meenakshi Iyer",
            paper="#f7f3e9",
            ink="#14532d",
            accent="#e0a500",
            art="dots",
            strap="A home cook's India",
        ),
        size=(1.6, 1.9, 0.3),
        spine="#14532d",
    ),
    yaw=-6,
)
shot(
    "kids-story",
    lambda: gadgets.book(
        cover(
            "Gajju and the Lost Kite",
            "Pictures by Rhea Paul",
            paper="#bde4f4",
            ink="#1d3557",
            accent="#f25c54",
            art="dots",
            head="brand",
        ),
        size=(1.8, 1.8, 0.12),
        spine="#f25c54",
    ),
    yaw=-6,
)
shot(
    "exam-guide",
    lambda: gadgets.book(
        cover(
            "Quantitative Aptitude",
            "R. S. Mahadevan",
            paper="#fdf1d3",
            ink="#8c1c13",
            accent="#1d3557",
            art="tiles",
            head="tall",
            strap="SSC · Banking · Railways",
        ),
        size=(1.5, 2.0, 0.4),
        spine="#8c1c13",
    ),
    yaw=-6,
)
shot(
    "notebooks",
    lambda: gadgets.notebooks(
        [
            cover("Notes", "172 pages · single line", paper=p, ink="#20303c", accent=a, art="tiles", head="bold")
            for p, a in (("#f4d8cd", "#d1495b"), ("#d9e8e3", "#2f7d6b"), ("#e9e0f2", "#5f4b8b"))
        ],
        spines=["#d1495b", "#2f7d6b", "#5f4b8b"],
    ),
    yaw=-4,
)
shot(
    "planner",
    lambda: gadgets.notebooks(
        [
            cover(
                "2027",
                "Planner · April to March too",
                paper="#1f3d36",
                ink="#e9c46a",
                accent="#e9c46a",
                art="mandala",
                head="serif",
            )
        ],
        spines=["#1f3d36"],
        spiral=True,
    ),
    yaw=-4,
)
shot("gel-pens", lambda: gadgets.pens(["#1d3557", "#b3261e", "#157a6e", "#22223b", "#6d2e8f"], ink="#15172b"), tilt=40)
shot(
    "colour-pencils",
    lambda: gadgets.pencils(
        ["#e63946", "#f4a261", "#ffd166", "#2a9d8f", "#1d3557", "#6d2e8f", "#d1495b", "#8ac926", "#5a3b20", "#17181b"]
    ),
    tilt=20,
)
shot(
    "crayons",
    lambda: gadgets.crayons(
        Label(
            "Rangpeti",
            "Wax Crayons",
            "24 shades",
            "Non-toxic",
            main="#e63946",
            paper="#fff3b0",
            accent="#1d7a8c",
            style="burst",
        ),
        ["#e63946", "#f4a261", "#ffd166", "#8ac926", "#2a9d8f", "#1d8cc4", "#3b2f8f", "#9d4edd", "#ff8fab", "#6b4423"],
        side="#e63946",
    ),
    tilt=28,
)

# -- sports ---------------------------------------------------------------------------------------

shot(
    "cricket-bat",
    lambda: play.cricket_bat(
        Label(
            "Maidaan", "Kashmir Willow", main="#7a1f1f", paper="#fff6df", accent="#f5a300", style="band", head="tall"
        ),
        "#1d3557",
    ),
    tilt=8,
)
shot("cricket-balls", lambda: play.cricket_balls("#9c1b1f"), tilt=22)
shot("stumps", lambda: play.stumps(), tilt=8, yaw=14)
shot("badminton-set", lambda: play.badminton("#e63946", "#1d3557"), tilt=8)
shot("football", lambda: gadgets.football_panels(1.0, "#f5f5f2", "#1d3557"), tilt=12)
shot("yoga-mat", lambda: play.yoga_mat("#5f4b8b", "#20222a"), tilt=30, yaw=20)
shot("dumbbells", lambda: play.dumbbells("#26282d"), tilt=28)
shot("kettlebell", lambda: play.kettlebell("#2b2d31", "#f5a300"), tilt=10)
shot("skipping-rope", lambda: play.skipping_rope("#1d3557"), tilt=50)
shot(
    "resistance-bands", lambda: play.resistance_bands(["#f4a261", "#2a9d8f", "#1d3557", "#e63946", "#22223b"]), tilt=24
)
shot("carrom", lambda: play.carrom(), tilt=42, yaw=28)
shot("gym-bag", lambda: play.gym_bag("#22333b", "#e07a1f"), tilt=16, yaw=-14)

# -- toys and baby --------------------------------------------------------------------------------

shot("ring-stack", lambda: play.ring_stack(["#e63946", "#f4a261", "#ffd166", "#2a9d8f", "#1d8cc4"]), tilt=14)
shot("blocks", lambda: play.blocks(["#e63946", "#ffd166", "#2a9d8f", "#1d8cc4", "#f4a261"]), tilt=18)
shot("teddy", lambda: play.teddy("#b07a4f", "#ecd2ae", "#b3123f"), tilt=8, yaw=-8)
shot("wooden-train", lambda: play.train(["#d1495b", "#2e86ab", "#edae49"]), tilt=20, yaw=24)
shot("lattu", lambda: play.spinning_tops(["#b3123f", "#157a6e", "#e07a1f"]), tilt=22)
shot("rattle", lambda: play.rattle(["#f4a261", "#2a9d8f", "#e76f51"]), tilt=34)
shot(
    "ludo",
    lambda: play.board_game(
        Label(
            "Chaupad",
            "Ludo & Saanp Seedhi",
            "2–4 players · 5+",
            "Two boards in one",
            main="#1d3557",
            paper="#ffe8a3",
            accent="#e63946",
            style="burst",
            head="yatra",
        ),
        side="#1d3557",
        tokens=["#e63946", "#2a9d8f", "#ffd166", "#1d8cc4"],
    ),
    tilt=18,
)
shot(
    "jigsaw",
    lambda: play.jigsaw(
        Label(
            "Tukda",
            "India Map Puzzle",
            "104 pieces · 6+",
            "States, capitals, rivers",
            main="#157a6e",
            paper="#fdf6e0",
            accent="#f5a300",
            style="band",
        ),
        side="#157a6e",
        colours=["#e63946", "#ffd166", "#1d8cc4", "#f4a261", "#9d4edd"],
    ),
    tilt=20,
)
shot("feeding-bottle", lambda: play.feeding_bottle("#7fb7be", "#f3d9b1"), tilt=8)
shot(
    "diapers",
    lambda: play.diapers(
        Label(
            "Gudgudi",
            "Diaper Pants M",
            "52 pieces · 7–12 kg",
            "Wetness indicator",
            main="#0f7c8c",
            paper="#f2fdff",
            accent="#ffd166",
            style="burst",
        ),
        colour="#f7fbfc",
    ),
    tilt=14,
)
shot(
    "baby-oil",
    lambda: packs.bottle(
        Label(
            "Lori",
            "Baby Massage Oil",
            "200 ml",
            "Coconut, almond, vitamin E",
            main="#c05780",
            paper="#fff5f9",
            accent="#ffd166",
            style="leafy",
            fit=0.78,
        ),
        colour="#fff0f5",
        cap="#c05780",
    ),
)

# -- jewellery and accessories --------------------------------------------------------------------

shot(
    "glass-bangles",
    lambda: adorn.bangles(
        ["gold", "#b3123f", "#b3123f", "#157a6e", "#b3123f", "#157a6e", "#b3123f", "#b3123f", "gold"]
    ),
    tilt=16,
    yaw=30,
)
shot("jhumkas", lambda: adorn.jhumkas("#d9a73e", "#f6efe2", "#c2185b"), tilt=8)
shot("pearl-necklace", lambda: adorn.necklace("#f4ead8", "#d9a73e", "#0f9d76"), tilt=58)
shot("silver-ring", lambda: adorn.finger_ring("#d9dbe0", "#7fd3ff"), tilt=18)
shot("anklets", lambda: adorn.anklets("#d4d7dc"), tilt=40)
shot("analog-watch", lambda: adorn.watch("#d9a73e", "#14213d", "#5a3318"), tilt=14, yaw=-20)
shot("steel-watch", lambda: adorn.watch("#c9cdd2", "#0f5c4d", "#c9cdd2", steel=True), tilt=14, yaw=20)
shot("sunglasses", lambda: adorn.sunglasses("#17181b", "#1f3a34"), tilt=14, yaw=-18)
shot("handbag", lambda: adorn.handbag("#9c4a2f", "#4a2415"), tilt=10, yaw=-12)
shot("backpack", lambda: adorn.backpack("#2b3a4a", "#e07a1f"), tilt=10, yaw=-16)
shot("wallet", lambda: adorn.wallet("#4a2a18", "#d9b27c"), tilt=14)
shot("belt", lambda: adorn.belt("#3a2216", "#c9ccd0"), tilt=26)
shot("umbrella", lambda: adorn.umbrella("#1d3557", "#e9c46a"), tilt=8, yaw=8)

# -- pooja, festive and garden --------------------------------------------------------------------

shot("clay-diyas", lambda: home.diyas("#b5562f"), tilt=24)
shot("samai", lambda: home.brass_lamp(), tilt=12)
shot("pooja-thali", lambda: home.pooja_thali(), tilt=36)
shot(
    "agarbatti",
    lambda: packs.sticks(
        Label(
            "Dhoopika",
            "Mogra Agarbatti",
            "100 sticks",
            "Hand-rolled, charcoal-free",
            main="#5b2a6e",
            paper="#fbeefc",
            accent="#d9a73e",
            style="mandala",
            head="yatra",
        ),
        side="#5b2a6e",
    ),
    tilt=12,
)
shot("string-lights", lambda: home.string_lights("#ffd27a"), tilt=40)
shot("toran", lambda: home.toran(["#e63946", "#f5a300", "#2a9d8f", "#b5179e"]), tilt=4)
shot("rangoli", lambda: home.rangoli(["#e63946", "#f5a300", "#ffd166", "#2a9d8f", "#3b2f8f", "#ff5d8f"]), tilt=34)
shot(
    "gift-hamper",
    lambda: adorn.gift_box(
        Label(
            "Shubh", "Mewa & Mithai", main="#7a1f3d", paper="#fff3dc", accent="#d9a73e", style="minimal", head="royal"
        ),
        "#d9a73e",
        "#7a1f3d",
    ),
    tilt=22,
)
shot("planters", lambda: home.planters(["#f2efe6", "#c46b4b", "#2f6f73"]), tilt=14)
shot(
    "vermicompost",
    lambda: packs.pouch(
        Label(
            "Hariyaali",
            "Vermicompost",
            "Net Qty: 5 kg",
            "Sieved, odour-free",
            main="#2f3e1f",
            paper="#f0f4d9",
            accent="#8ac926",
            style="leafy",
        ),
        width=1.7,
        height=2.3,
        depth=0.75,
    ),
    yaw=10,
)
