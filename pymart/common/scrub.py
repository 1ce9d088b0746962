"""
Takes out of a text what tells about a person or lets somebody in. Nothing of the kind is written into logs or error
reports on purpose; this is the net below, for what messages of the database, of libraries and addresses bring along.
"""

import re

REMOVED = "[removed]"
_PATTERNS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # of PostgreSQL: "Key (email)=(asha@example.com) already exists.", "Failing row contains (7, Asha, …)."
        (r"\b(Key \([^)]*\)=|Failing row contains )[^\n]*", rf"\1{REMOVED}"),
        (r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
        (r"(?<![\w.-])(?:\+91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?![\w-])", "[phone]"),
        (r"\b[A-Z]{5}\d{4}[A-Z]\b", "[PAN]"),
        (r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?", "[token]"),
        (r"(?i)\b(bearer|basic|token)(\s+|=\s*)[\w.~+/=-]{8,}", rf"\1\2{REMOVED}"),
        (
            r"(?i)\b(cookie|authorization|sessionid|csrftoken|password|secret|api_?key)(['\"]?\s*[:=]\s*)(['\"]?)[^\s,;&'\"}]+",
            rf"\1\2\3{REMOVED}",
        ),
        (r"(?i)([?&](?:token|code|key|x-amz-(?:signature|credential|security-token))=)[^&\s'\"]+", rf"\1{REMOVED}"),
        (r"(/account/password/reset/)[^/\s'\"]+/[^/\s'\"]+", rf"\1{REMOVED}"),
        (r"(\w+://)[^/\s:@]*:[^/\s@]+@", rf"\1{REMOVED}@"),  # of a server's address
    )
]  # fmt: skip


def scrub(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
