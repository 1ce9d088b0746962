import json
import re

from django import template

register = template.Library()


@register.filter
def rupees(paise: int) -> str:
    """118000 paise → ₹1,180; 12345678 → ₹1,23,456.78."""
    whole, rest = divmod(int(paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    grouped = re.sub(r"(?<=\d)(?=(\d\d)+$)", ",", head) + "," + tail if head else tail
    return f"₹{grouped}.{rest:02}" if rest else f"₹{grouped}"


@register.filter
def pretty_json(text: str) -> str:
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


@register.filter
def card_spaces(number: str) -> str:
    return " ".join(re.findall(r"\d{1,4}", number))
