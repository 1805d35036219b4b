"""Web addresses: validate an address, and repair one that was pasted with mistakes."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from timeline.problems import quoted

WEB_ADDRESS = r"https?://[!#-;=?-Z_a-z~]+"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_E_MAIL = re.compile(r"[\w.+-](?:@|%40|%2540)[\w-]+(?:\.[\w-]+)+")
# Hosts that wrap links: mail security programs, redirects and link shorteners.
_HOSTS = Path(__file__).with_name("link_wrappers.txt").read_text("utf-8").split()
_WRAPPERS = tuple(f".{host}" for host in _HOSTS)
_REDIRECTS = re.compile(
    r"https?://(?:www\.)?(?:google\.[a-z.]+/url|youtube\.com/redirect|(?:baidu|so|sogou)\.com/link|bing\.com/ck/a)\?"
    r"|[^?]+\?(?:[^#]*&)?(?:url|u|q|target|to|dest|goto|redirect(?:_?ur[li])?)=https?(?:://|%3A%2F%2F)"
    r"|(?!https?://[^/]*archive)[^?]+[/=]https?%3A%2F%2F",
    re.IGNORECASE,
)
_URLDEFENSE_V3 = re.compile(r"https://urldefense\.com/v3/__(?P<url>.+?)__;")


def is_web_address(text: str) -> bool:
    """Return whether a text is an http(s) address in ASCII with a host name and no user name."""
    if not re.fullmatch(WEB_ADDRESS, text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def address_problem(text: str) -> str | None:
    """Return why a text is not a usable address and what to write instead, or None if it is."""
    if not is_web_address(text):
        intended = intended_address(text)
        if intended:
            instead = f"write {intended}"
        elif re.match(r"https?://", text.strip()):
            instead = "it is incomplete or broken; copy it again from the address bar"
        else:
            instead = "it must begin with http:// or https://"
        return f"{quoted(text)} is not an address; {instead}"
    is_wrapped = _is_wrapped(text)
    may_differ = is_wrapped or text.endswith(("'", ",", ";", ")"))
    intended = intended_address(text) if may_differ else None
    if intended and intended != text:
        why = (
            "is wrapped by a mail program or a redirect"
            if is_wrapped
            else "ends with a punctuation mark"
        )
        return f"{quoted(text)} {why}; write {intended}"
    if is_wrapped:
        return f"{quoted(text)} only redirects to the page; open it and copy the final address"
    if "tempkey=" in text:
        return f"{quoted(text)} expires within hours; copy the link from the article's menu"
    if _E_MAIL.search(text):
        return f"{quoted(text)} contains an e-mail address; remove that part"
    return None


def _is_wrapped(text: str) -> bool:
    host = f".{urlsplit(text).hostname}"
    return host.endswith(_WRAPPERS) or bool(_REDIRECTS.match(text))


def intended_address(text: str) -> str | None:
    """Return the one address that a text can stand for, unwrapped and encoded, or None."""
    found = text.strip().strip("<>\"'“”")
    link = re.fullmatch(r"\[[^\]]*\]\((\S+)\)", found)
    found = link[1] if link else found
    found = re.sub(r"^(https?)(?:：//|:／／|:/(?=[^/])|//)", r"\1://", found)
    found = re.sub(r"(?<=[/&_-])\s+", "", found)  # split over two lines
    found = re.sub(r"[,;。，；、”）】]+$" if "(" in found else r"[,;。，；、”）】)]+$", "", found)
    if re.match(r"www\.[\w-]+\.\w", found):
        found = f"https://{found}"
    if not re.match(r"https?://", found) or re.search(r"\s|…", found):
        return None
    found = quote(found, safe="!#$%&'()*+,-./:;=?@[]_~")
    for _ in range(3):  # links in a forwarded mail are wrapped twice
        if not is_web_address(found):
            return None
        target = _unwrapped(found)
        if target is None:
            return found
        found = target
    return None


def _unwrapped(text: str) -> str | None:
    """Return the address inside a wrapped one, or None if there is none."""
    defended = _URLDEFENSE_V3.match(text)
    if defended:
        return re.sub(r"^(https?):/+", r"\1://", defended["url"])
    parts = urlsplit(text) if _is_wrapped(text) else urlsplit("")
    values = [value for _, value in parse_qsl(parts.query)]
    values += [unquote(part) for part in re.split("[/=]", parts.path)]  # encoded in the path
    if "urldefense.proofpoint.com" in text:
        values = [unquote(value.replace("-", "%").replace("_", "/")) for value in values]
    return next((value for value in values if is_web_address(value)), None)
