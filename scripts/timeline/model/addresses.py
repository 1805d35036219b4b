"""What counts as an address on the web."""

import re
from urllib.parse import urlsplit

FORM = r"https?://[!#-;=?-Z_a-z~]+"
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def is_web_address(text: str) -> bool:
    """Whether a text is an http or https address of a named host, in ASCII, without a user."""
    if not re.fullmatch(FORM, text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and HOST.fullmatch(host) is not None
