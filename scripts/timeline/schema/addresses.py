"""Addresses of the web: what is one, and what somebody meant who pasted something else."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from timeline.problems import quoted

WEB_ADDRESS = r"https?://[!#-;=?-Z_a-z~]+"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_E_MAIL = re.compile(r"[\w.+-]+(?:@|%40|%2540)[\w-]+(?:\.[\w-]+)+")
# Programs that wrap the links of a mail, and the parameter that holds the address meant.
_WRAPPERS = {
    "safelinks.protection.outlook.com": "url",
    "statics.teams.cdn.office.net": "url",
    "urldefense.proofpoint.com": "u",
    "linkprotect.cudasvc.com": "a",
    "protection.sophos.com": "u",
    "clicktime.symantec.com": "u",
    "secure-web.cisco.com": "",
    "mimecast.com": "",
    "trendmicro.com": "",
    "fireeye.com": "u",
    "slack-redir.net": "url",
    "l.facebook.com": "u",
    "l.instagram.com": "u",
    "link.zhihu.com": "target",
    "c.pc.qq.com": "url",
    "mail.qq.com": "",
}
_REDIRECTS = re.compile(
    r"https?://(?:www\.)?(?:google\.[a-z.]+/url|youtube\.com/redirect|linkedin\.com/redir/redirect)\?"
)
_SHORTENED = frozenset({"bit.ly", "t.co", "tinyurl.com", "lnkd.in", "goo.gl", "t.cn", "dwz.cn"})
_SHORTENED |= {"ow.ly", "is.gd", "buff.ly", "url.cn"}
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
    """Why a text cannot stand as an address, and what to write instead; None where it can."""
    meant = meant_address(text)
    if meant and meant != text:
        is_wrapped = is_web_address(text) and urlsplit(text).hostname != urlsplit(meant).hostname
        why = "is wrapped by a mail program or a redirect" if is_wrapped else not_web(text)
        return f"{quoted(text)} {why}; write {meant}"
    if not is_web_address(text):
        return f"{quoted(text)} {not_web(text)}; it must begin with http:// or https://"
    if _wrapper(text) is not None:
        return f"{quoted(text)} only leads to the page; open it and copy the address bar"
    if _E_MAIL.search(text):
        return f"{quoted(text)} holds an e-mail address; remove that part of it"
    return None


def not_web(text: str) -> str:
    """What is wrong with a text that is no address."""
    return "is not an address" if re.match(r"\S+$", text) else "is not an address: it has a space"


def not_an_address(text: str) -> str:
    """The message for a text that is no web address."""
    return address_problem(text) or f"{quoted(text)} is not an address"


def _wrapper(text: str) -> str | None:
    """The parameter of a wrapped address that holds the one meant; "" where it is hidden."""
    host = urlsplit(text).hostname or ""
    if host in _SHORTENED:
        return ""
    if _REDIRECTS.match(text):
        return "url" if "url=" in text else "q"
    return next((key for end, key in _WRAPPERS.items() if f".{host}".endswith(f".{end}")), None)


def meant_address(text: str) -> str | None:
    """The one address that a text can only mean: unwrapped, with https, encoded; else None."""
    found = text.strip().strip("<>\"'“”")
    link = re.fullmatch(r"\[[^\]]*\]\((\S+)\)", found)
    found = link[1] if link else found
    found = re.sub(r"^(https?)(?:：//|:／／|:/(?=[^/])|//)", r"\1://", found)
    if re.match(r"www\.[\w-]+\.\w", found):
        found = f"https://{found}"
    if not re.match(r"https?://", found) or re.search(r"\shttps?://", found):
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
    key = _wrapper(text)
    value = dict(parse_qsl(urlsplit(text).query)).get(key, "") if key else ""
    if "urldefense.proofpoint.com" in text:
        value = unquote(value.replace("-", "%").replace("_", "/"))
    return value if is_web_address(value) else None
