"""Facts of India: states with their GST codes, PIN codes, mobile numbers, GSTIN."""

import re
from dataclasses import dataclass

import indian_pincode
import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

# GST state codes (the first two digits of a GSTIN): 28 states and 8 union territories.
GST_STATE_CODES = {
    "Andaman and Nicobar Islands": "35",
    "Andhra Pradesh": "37",
    "Arunachal Pradesh": "12",
    "Assam": "18",
    "Bihar": "10",
    "Chandigarh": "04",
    "Chhattisgarh": "22",
    "Dadra and Nagar Haveli and Daman and Diu": "26",
    "Delhi": "07",
    "Goa": "30",
    "Gujarat": "24",
    "Haryana": "06",
    "Himachal Pradesh": "02",
    "Jammu and Kashmir": "01",
    "Jharkhand": "20",
    "Karnataka": "29",
    "Kerala": "32",
    "Ladakh": "38",
    "Lakshadweep": "31",
    "Madhya Pradesh": "23",
    "Maharashtra": "27",
    "Manipur": "14",
    "Meghalaya": "17",
    "Mizoram": "15",
    "Nagaland": "13",
    "Odisha": "21",
    "Puducherry": "34",
    "Punjab": "03",
    "Rajasthan": "08",
    "Sikkim": "11",
    "Tamil Nadu": "33",
    "Telangana": "36",
    "Tripura": "16",
    "Uttar Pradesh": "09",
    "Uttarakhand": "05",
    "West Bengal": "19",
}
STATES = [(name, name) for name in GST_STATE_CODES]

PINCODE = re.compile(r"[1-9][0-9]{5}")
_GSTIN = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
_GSTIN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

validate_pincode = RegexValidator(r"^[1-9][0-9]{5}\Z", "Enter a 6-digit PIN code, such as 560001.")
# The fourth letter says whose it is: a person's, a company's, a firm's …
validate_pan = RegexValidator(r"^[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]\Z", "Enter a PAN, such as ABCPK1234L.")
validate_ifsc = RegexValidator(r"^[A-Z]{4}0[A-Z0-9]{6}\Z", "Enter an IFSC of 11 characters, such as SBIN0001234.")


def clean_pincode(value: str) -> str:
    """`560 001` → `560001`. :raises ValidationError:"""
    pincode = re.sub(r"[\s-]", "", value)
    validate_pincode(pincode)
    return pincode


def clean_phone(value: str) -> str:
    """
    An Indian mobile number in any usual spelling → E.164 (`+919876543210`).

    :raises ValidationError:
    """
    try:
        number = phonenumbers.parse(value, "IN")
    except phonenumbers.NumberParseException:
        number = None
    national = str(number.national_number) if number else ""
    # Beside the library: some 5-series numbers pass there as fixed lines, and mobiles begin with 6 to 9.
    if (
        number is None
        or number.country_code != 91
        or not re.fullmatch(r"[6-9]\d{9}", national)
        or phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE
    ):
        raise ValidationError("Enter a 10-digit Indian mobile number, such as 98765 43210.", code="invalid_phone")
    return f"+91{national}"


def gstin_check_character(first_14: str) -> str:
    """The 15th character of a GSTIN: weights 1, 2 in turn, modulus 36."""
    total = 0
    for position, character in enumerate(first_14):
        product = _GSTIN_ALPHABET.index(character) * (1 + position % 2)
        total += product // 36 + product % 36
    return _GSTIN_ALPHABET[(36 - total % 36) % 36]


def validate_gstin(value: str) -> None:
    if (
        not _GSTIN.fullmatch(value)
        or value[:2] not in GST_STATE_CODES.values()
        or gstin_check_character(value[:14]) != value[14]
    ):
        raise ValidationError("This is not a valid GSTIN; please check it letter by letter.", code="invalid_gstin")


def state_of_gstin(gstin: str) -> str:
    return next(state for state, code in GST_STATE_CODES.items() if code == gstin[:2])


def may_supply(*, is_registered: bool, from_state: str, to_state: str) -> bool:
    """
    Who is not registered for GST may sell through a marketplace within their own state only (34/2023-CT); as long as
    nobody knows that, nowhere.
    """
    return is_registered or from_state == to_state


@dataclass(frozen=True)
class Place:
    """What a PIN code tells: districts and states it serves, most likely first. A hint: some PINs span two states."""

    districts: tuple[str, ...]
    states: tuple[str, ...]

    @property
    def city(self) -> str:
        """What people there write as their city: a guess from the district's name."""
        if not self.districts:
            return ""
        district = self.districts[0]
        if self.states[:1] == ("Delhi",):  # its districts are points of the compass
            return "New Delhi" if district == "New Delhi" else "Delhi"
        return re.sub(r" (Urban|Rural|Metro)$", "", district)


def lookup_pincode(pincode: str) -> Place | None:
    details = indian_pincode.get_details(pincode)
    if details is None:
        return None
    by_upper = {name.upper(): name for name in GST_STATE_CODES}
    found = dict.fromkeys([details["state"], *details["states"]])
    states = [by_upper[name.removeprefix("THE ")] for name in found if name]
    return Place(tuple(district.title() for district in details["districts"]), tuple(states))
