from dataclasses import dataclass

TRACKING_NUMBER = r"[A-Za-z0-9][A-Za-z0-9 /-]{3,59}"
TRACKING_NUMBER_WANTED = "A tracking number has letters, digits, spaces, / and -, at least 4 of them."


@dataclass(frozen=True)
class Tracking:
    """How a parcel is followed. All of it is empty where nobody said so."""

    carrier: str = ""
    number: str = ""
    url: str = ""


UNTRACKED = Tracking()
