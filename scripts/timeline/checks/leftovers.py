"""What other programs leave in a text that is pasted: bullets, footnote marks, wiki links.

Markdown has no such signs, so they would stand on the page as they were typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.content.front_matter import LineMessage
from timeline.content.text import LINK
from timeline.schema.addresses import meant_address

_SIGNS = "•‣◦▪▫●○■□◆◇★➢➤►▶→✓✔"
_BULLET = re.compile(rf"(?m)^(?P<indent>[ ]*)(?:[{_SIGNS}]|·(?=[\s\t])|[oO§](?=\t))[ \t]*(?=\S)")
_NUMBER = re.compile(
    r"(?m)^(?P<indent>[ ]*)[（(]?(?P<number>[0-9]{1,2})(?:、|．|）|\)(?=\S))[ \t]*"
)
# Attributes of code, which have a rule of their own, are no signs either.
_FENCE = re.compile(
    r"(?ms)^(?:```|~~~).*?^(?:```|~~~)[ \t]*$|`[^`\n]+`|^[ \t>]*(?:`{3,}|~{3,})[^\n`{]*\{[^\n]*$"
)


@dataclass(frozen=True)
class _Sign:
    pattern: re.Pattern[str]
    message: str


_ERRORS = (
    _Sign(
        re.compile(r"(?m)^#\s+(?P<text>.+)$"),
        "a heading of level 1 is the title's; write: ## {text}",
    ),
    _Sign(
        re.compile(r"(?m)^(?P<text>[^\s#>|-].*)\n(?=={3,}\s*$)"),
        "a heading of level 1 is the title's; write: ## {text}",
    ),
    _Sign(
        re.compile(r"!?\[\[(?P<text>[^\]\n]+)\]\]"),
        "'[[{text}]]' is a link of a wiki; write [words](https://…) or [words](../<year>/<id>.md)",
    ),
    _Sign(
        re.compile(r"(?<![=\w])==(?P<text>[^=\n]+)==(?![=\w])"),
        "'=={text}==' is a mark of another program; write **{text}** or plain words",
    ),
    _Sign(
        re.compile(
            r"%%(?P<text>[^%\n]+)%%|\{\{(?P<other>[^}\n]*)\}\}|\{[.#:%](?P<third>[^}\n]*)\}"
        ),
        "'{whole}' is a sign of another program and would be shown; leave it out",
    ),
    _Sign(
        re.compile(r"~~(?P<text>[^~\n]+)~~"),
        "'~~{text}~~' is a sign of another program; leave the words out",
    ),
    _Sign(
        re.compile(r"(?m)^\s*[-*+] \[[ xX]\] .*$"),
        "'[ ]' is a box of another program; write a plain list: - words",
    ),
    _Sign(
        re.compile(r"\[\^[^\]\n]{1,30}\]:?"),
        "'{whole}' is a footnote, and an entry has none; name the source under 'sources'",
    ),
    _Sign(
        re.compile(r"(?m)^:::.*$|^(?:TODO|FIXME|XXX)\b.*$"),
        "'{whole}' is a note of a writer or a program; leave it out",
    ),
)
_WARNINGS = (
    _Sign(
        re.compile(r"(?<=[\w.,;:!?”’)\"])\s?(?:\[[0-9]{1,2}\](?![(\[:])|[¹²³⁴-⁹]+(?![\w⁻])|[†‡※])"),
        "'{whole}' looks like a footnote mark; leave it out and name the source under 'sources'",
    ),
    _Sign(
        re.compile(r"(?<=[\w.,;:!?]) (?P<sign>[•▪●➢►]) (?P<text>[^•▪●➢►\n]{1,40})"),
        "{sign!r} is a bullet within a line; write on a line of its own: - {text}",
    ),
)


def leftovers(body: str, first_line: int, *, warnings: bool) -> Iterator[LineMessage]:
    """Each sign of another program, as an error or as a warning."""
    text = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)
    for sign in _WARNINGS if warnings else _ERRORS:
        for match in sign.pattern.finditer(text):
            words = {key: (value or "").strip() for key, value in match.groupdict().items()}
            message = sign.message.format(whole=match[0].strip()[:40], **words)
            yield first_line + text.count("\n", 0, match.start()), message
    if warnings:
        return
    for match in _BULLET.finditer(text):
        line = text[match.end() :].split("\n", 1)[0].strip()
        at = first_line + text.count("\n", 0, match.start())
        yield at, f"the line begins with a bullet of a word processor; write: - {line}"
    for match in _NUMBER.finditer(text):
        line = text[match.end() :].split("\n", 1)[0].strip()
        at = first_line + text.count("\n", 0, match.start())
        yield at, f"Markdown numbers a list with a full stop; write: {match['number']}. {line}"


def plain_body(body: str) -> tuple[str, list[LineMessage]]:
    """The text with lists, headings and links as Markdown writes them, and what was done."""
    done: list[LineMessage] = []
    kept = [match.span() for match in _FENCE.finditer(body)]

    def replace(pattern: re.Pattern[str], new: str, message: str) -> None:
        nonlocal body

        def change(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in kept):
                return match[0]
            done.append((body.count("\n", 0, match.start()) + 1, message))
            return match.expand(new)

        body = pattern.sub(change, body)

    replace(_BULLET, r"\g<indent>- ", "bullet written as Markdown")
    replace(_NUMBER, r"\g<indent>\g<number>. ", "number written as Markdown")
    replace(re.compile(r"(?m)^#(?=\s+\S)"), "##", "heading of level 2")
    if any("Markdown" in message for _, message in done):  # a list begins after an empty line
        body = re.sub(r"(?m)^(?![ ]*(?:[-*+]|\d+\.) )(\S.*)\n(?=(?:-|\d+\.) )", r"\1\n\n", body)

    def unwrap(match: re.Match[str]) -> str:
        target = match["target"]
        meant = meant_address(target) if target.startswith("http") else None
        if meant is None or meant == target:
            return match[0]
        done.append((body.count("\n", 0, match.start()) + 1, f"address unwrapped: {meant}"))
        return match["before"] + meant

    return LINK.sub(unwrap, body), done
