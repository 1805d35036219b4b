"""Stray markup that pasted text brings along: bullets, footnote marks, wiki links.

Markdown does not know it, so the page would show it as typed.
"""

import re
import unicodedata
from collections.abc import Iterator

from timeline.content.front_matter import LineMessage
from timeline.content.text import LINK
from timeline.schema.addresses import intended_address

_BULLET_SIGNS = "•‣◦▪▫●○■□◆◇★➢➤►▶→✓✔✅☑☐▸▹▻∙⁃–—▲△▼▷"
_BULLET = rf"^(?P<indent>[ ]*)(?:[{_BULLET_SIGNS}]|·(?=[\s\t])|[oO§](?=\t))[ \t]*(?=(?P<text>\S.*))"
_NUMBER = (
    r"^(?P<indent>[ ]*)[（(]?(?P<number>[0-9]{1,2})(?:、|．|）|\)(?=\S))[ \t]*(?=(?P<text>\S.*))"
)
_HEADING = r"^#(?=\s+(?P<text>\S.*)$)"
# Code is shown as typed; its attributes have a rule of their own.
_CODE = re.compile(
    r"(?ms)^(?:```|~~~).*?^(?:```|~~~)[ \t]*$|`[^`\n]+`|^[ \t>]*(?:`{3,}|~{3,})[^\n`{]*\{[^\n]*$"
)
_TOP = "a level 1 heading is reserved for the title; write: ## {text}"
_UNKNOWN = "'{0}' is not Markdown and would appear on the page as typed; leave it out"
_Messages = dict[re.Pattern[str], str]  # pattern -> message


def _compile(patterns: dict[str, str]) -> _Messages:
    return {re.compile(pattern, re.MULTILINE): message for pattern, message in patterns.items()}


ERRORS = _compile(
    {
        _HEADING: _TOP,
        r"^(?P<text>[^\s#>|-].*)\n(?=={3,}\s*$)": _TOP,
        r"!?\[\[[^\]\n]+\]\]": (
            "'{0}' is a wiki link; write [words](https://…) or [words](../<year>/<id>.md)"
        ),
        r"==(?<![=\w]==)(?P<text>[^=\n]+)==(?![=\w])": (
            "'{0}' is highlighting of another program; write **{text}** or plain words"
        ),
        r"^(?:[ ]*>[ ]*\[![^\]\n]+\]|:::).*$": _UNKNOWN,
        r"%%[^%\n]+%%|\{\{[^}\n]*\}\}|\{[.#:%][^}\n]*\}|~~[^~\n]+~~": _UNKNOWN,
        r"'''[^'\n]+'''|\[@[\w-]+\]|\{/?[a-z]+\}|:\w+\[[^\]\n]*\]\{[^}\n]*\}|``[^`'\n]+''": (
            _UNKNOWN
        ),
        r"^\s*[-*+] \[[ xX]\] .*$": "'[ ]' does not make a checkbox here; write a plain list",
        r"\[\^[^\]\n]{1,30}\]:?": (
            "'{0}' is a footnote, which an entry may not have; name the source under 'sources'"
        ),
        r"^(?:TODO|FIXME|XXX)\b.*$": "'{0}' is a note to the author; leave it out",
        _BULLET: "the line begins with a word processor's bullet; write: - {text}",
        _NUMBER: "the number of a list item needs a full stop; write: {number}. {text}",
    }
)
WARNINGS = _compile(
    {
        r"â€[^\s\w]?|Ã[\u0080-\u00bf]": "'{0}' was decoded with the wrong encoding; type it again",
        r"[.;](?<=[a-z]{3}[.;])(?P<at>\d{1,2})(?=\s+[A-Z]|\s*$)": (
            "'{at}' looks like a footnote mark; leave it out and name the source under 'sources'"
        ),
        r"(?<=[\w.,;:!?”’)\"])\s?(?:"
        r"\[(?:(?:note |fn\.? ?)?[0-9]{1,2}(?: ?[,–-] ?[0-9]{1,2})*|[a-z]|[注註][0-9]*)\]"
        r"(?![(\[:])"
        r"|[¹²³⁴-⁹]+(?![\w⁻])|[†‡※①-⑳]|\^\[?[0-9]{1,2}\]?(?!\w))": (
            "'{0}' looks like a footnote mark; leave it out and name the source under 'sources'"
        ),
        r"(?:\A|\n\n)(?:(?!\n\n)[^*])*?(?P<at>[^\s*\\]+\*)(?:(?!\n\n)[^*])*(?=\n\n|\Z)": (
            "'{at}' has a single '*', like a footnote mark; leave it out, or write \\* to show it"
        ),
        r"(?i)^[> ]*(?:on .{6,80} wrote:|(?:dear|hi|hello)\b[^.\n]{0,40},"
        r"|(?:kind|best|warm) regards\b.*|sent from my .*|begin forwarded message:"
        r"|-+ ?(?:original|forwarded) message.*)$": (
            "'{0}' looks like a line of an e-mail; leave it out"
        ),
        r"(?<=\s)#[a-z][\w-]+": "'{0}' is a hashtag; leave it out",
        r"(?<![\u4e00-\u9fff])[＃％＆＊＋＜＝＞＠](?![\u4e00-\u9fff])"
        r"|(?<=[a-z ])[（），；：？！](?=[ A-Za-z0-9(])|(?<=[a-z])[（），；：？！。]$": (
            "'{0}' is a full-width character; write '{plain}'"
        ),
        r"(?<=[\w.,;:!?]) (?P<sign>[•▪●➢►]) (?P<text>[^•▪●➢►\n]{1,40})": (
            "'{sign}' is a bullet within a line; write on a line of its own: - {text}"
        ),
    }
)


def find_stray_markup(body: str, first_line: int, messages: _Messages) -> Iterator[LineMessage]:
    """Yield a message for each piece of stray markup, with what to write instead."""
    text = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)
    for pattern, message in messages.items():
        for match in pattern.finditer(text):
            words = {key: (value or "").strip() for key, value in match.groupdict().items()}
            line = first_line + text.count("\n", 0, match.start("at" if "at" in words else 0))
            found = match[0].strip()[:40]
            yield line, message.format(found, plain=unicodedata.normalize("NFKC", found), **words)


def fix_stray_markup(body: str) -> tuple[str, list[LineMessage]]:
    """Return the text with lists, headings and links as Markdown, and a message for each fix."""
    done: list[LineMessage] = []

    def replace(pattern: str, new: str, message: str) -> None:
        nonlocal body
        code = [match.span() for match in _CODE.finditer(body)]

        def change(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in code):
                return match[0]
            done.append((body.count("\n", 0, match.start()) + 1, message))
            return match.expand(new)

        body = re.sub(pattern, change, body, flags=re.MULTILINE)

    replace(_BULLET, r"\g<indent>- ", "bullet replaced by '-'")
    replace(_NUMBER, r"\g<indent>\g<number>. ", "number followed by a full stop")
    if done:  # a list needs an empty line above it
        body = re.sub(r"(?m)^(?![ ]*(?:[-*+]|\d+\.) )(\S.*)\n(?=(?:-|\d+\.) )", r"\1\n\n", body)
    replace(_HEADING, "##", "heading changed to level 2")

    def unwrap(match: re.Match[str]) -> str:
        target = match["target"]
        meant = intended_address(target) if target.startswith("http") else None
        if meant is None or meant == target:
            return match[0]
        done.append(
            (body.count("\n", 0, match.start()) + 1, f"wrapped address replaced by {meant}")
        )
        return match["before"] + meant

    return LINK.sub(unwrap, body), done
