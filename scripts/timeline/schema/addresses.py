"""Addresses of the web: what is one, and what somebody meant who pasted something else."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from timeline.problems import quoted

WEB_ADDRESS = r"https?://[!#-;=?-Z_a-z~]+"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_E_MAIL = re.compile(r"[\w.+-](?:@|%40|%2540)[\w-]+(?:\.[\w-]+)+")
# Hosts of programs that wrap the links of a mail, of redirects and of short addresses.
_HOSTS = Path(__file__).with_name("link_wrappers.txt").read_text("utf-8").split()
_WRAPPERS = tuple(f".{host}" for host in _HOSTS)
_REDIRECTS = re.compile(
    r"https?://(?:www\.)?(?:google\.[a-z.]+/url|youtube\.com/redirect|(?:baidu|so|sogou)\.com/link|bing\.com/ck/a)\?"
    r"|[^?]+\?(?:[^#]*&)?(?:url|u|q|target|to|dest|goto|redirect(?:_?ur[li])?)=https?(?:://|%3A%2F%2F)"
    r"|(?!https?://[^/]*archive)[^?]+[/=]https?%3A%2F%2F",
    re.IGNORECASE,
)
_V3 = re.compile(r"https://urldefense\.com/v3/__(?P<url>.+?)__;")


def is_web_address(text: str) -> bool:
    """Whether a text is an http or https address of a named host, in ASCII, without a user."""
    if not re.fullmatch(WEB_ADDRESS, text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def address_problem(text: str) -> str | None:
    """Why a text cannot be used as an address, and what to write instead; None where it can."""
    if not is_web_address(text):
        meant = meant_address(text)
        instead = f"write {meant}" if meant else "it must begin with http:// or https://"
        if re.match(r"https?://", text.strip()) and not meant:
            instead = "part of it is missing or divided; copy it again from the address bar"
        return f"{quoted(text)} is not an address; {instead}"
    is_wrapped = _is_wrapped(text)
    meant = meant_address(text) if is_wrapped or text.endswith(("'", ",", ";", ")")) else None
    if meant and meant != text:
        why = (
            "is wrapped by a mail program or a redirect"
            if is_wrapped
            else "ends with a punctuation mark"
        )
        return f"{quoted(text)} {why}; write {meant}"
    if is_wrapped:
        return f"{quoted(text)} only leads to the page; open it and copy the address bar"
    if "tempkey=" in text:
        return f"{quoted(text)} expires within hours; copy the link from the menu of the article"
    if _E_MAIL.search(text):
        return f"{quoted(text)} holds an e-mail address; remove that part of it"
    return None


def _is_wrapped(text: str) -> bool:
    host = f".{urlsplit(text).hostname}"
    return host.endswith(_WRAPPERS) or bool(_REDIRECTS.match(text))


def meant_address(text: str) -> str | None:
    """The one address that a text can only mean: unwrapped, with https, encoded; else None."""
    found = text.strip().strip("<>\"'“”")
    link = re.fullmatch(r"\[[^\]]*\]\((\S+)\)", found)
    found = link[1] if link else found
    found = re.sub(r"^(https?)(?:：//|:／／|:/(?=[^/])|//)", r"\1://", found)
    found = re.sub(r"(?<=[/&_-])\s+", "", found)  # broken between two lines
    found = re.sub(r"[,;。，；、”）】]+$" if "(" in found else r"[,;。，；、”）】)]+$", "", found)
    if re.match(r"www\.[\w-]+\.\w", found):
        found = f"https://{found}"
    if not re.match(r"https?://", found) or re.search(r"\s|…", found):
        return None
    found = quote(found, safe="!#$%&'()*+,-./:;=?@[]_~")
    for _ in range(3):  # a mail that was forwarded is wrapped twice
        if not is_web_address(found):
            return None
        inner = _inner(found)
        if inner is None:
            return found
        found = inner
    return None


def _inner(text: str) -> str | None:
    """The address within a wrapped one."""
    defended = _V3.match(text)
    if defended:
        return re.sub(r"^(https?):/+", r"\1://", defended["url"])
    parts = urlsplit(text) if _is_wrapped(text) else urlsplit("")
    values = [value for _, value in parse_qsl(parts.query)]
    values += [unquote(part) for part in re.split("[/=]", parts.path)]  # encoded within the path
    if "urldefense.proofpoint.com" in text:
        values = [unquote(value.replace("-", "%").replace("_", "/")) for value in values]
    return next((value for value in values if is_web_address(value)), None)
