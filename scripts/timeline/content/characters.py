"""Characters that nobody sees or that look like others, and what to write instead.

They come with text that is pasted from PDF files, word processors and mails. Nobody finds a page by
a word that holds one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Characters that show nothing or mislead: controls, marks of direction, private use.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2028\u2029"
    "\u202a-\u202e\u2061-\u206f\ue000-\uf8ff\u200b-\u200f\u061c\u2060\ufeff\ufe00-\ufe0f"
    "\ufff9-\uffff\u3164\uffa0\U000e0000-\U0010ffff]"
)
_REMOVABLE = frozenset("\xad\u034f\u061c\u180e\u2060\ufeff\u200b\u200c\u200d\u200e\u200f")
_REMOVABLE |= {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2061, 0x2070))}
_REMOVABLE |= {chr(c) for c in range(0xFE00, 0xFE10)}
_BULLETS = "\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf06e\uf0fc\uf02d"  # of Word, in fonts of its own
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f"
# Radicals that PDF files give in the place of the characters of which they are a part; those of the
# Kangxi block have their characters in Unicode's own tables.
_RADICALS = dict(
    zip(
        "⺁⺃⺅⺆⺈⺉⺋⺌⺎⺐⺒⺓⺔⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺦⺧⺩⺫⺬⺭⺮⺰⺱⺲⺳⺵⺶⺷⺸⺹⺺⺼⺽⺾⺿⻀⻂⻅⻆⻈⻉⻋⻍⻎⻐⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻞⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂乙亻冂刀刂㔾小尢尣巳幺彑心扌攵旡月母民氵氺灬爫爫丬牛王罒示礻竹纟罓罒网网羊羊羊耂肀肉臼艹艹艹衤见角讠贝车辶辶钅镸长门阝雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
# Cyrillic, Greek and Armenian letters that look like Latin ones.
_ALIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵνɡօոսհցՕՍԼ",
        "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXovvgonuhgOUL",
        strict=True,
    )
)
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u058f]")
_WORD = re.compile(r"[^\W\d_]+")
# Ligatures, letters of other widths, mathematical ones, numerals, radicals, compatible ideographs.
_WIDE = "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9d\U0001d400-\U0001d7ff\u2160-\u217f]"
_SINGLE = (
    f"[\ufb00-\ufb06\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\u02bc\u2010\u2011{_SPACES}]"
)
_COMPATIBLE = re.compile(f"{_WIDE}+|{_SINGLE}")
_ANY = re.compile(f"{INVISIBLE.pattern}|{_WIDE}|{_SINGLE}|{_OTHER_SCRIPT.pattern}")


@dataclass(frozen=True)
class Odd:
    """A character or a word that is not what it seems.

    `instead` is what to write, None where that is not certain; `advice` says so in words.
    """

    start: int
    written: str
    instead: str | None
    found: str
    advice: str

    @property
    def message(self) -> str:
        """What is wrong, and what to write instead."""
        return f"contains {self.found}; {self.advice}"

    @property
    def fixed(self) -> str:
        """What was done where it was replaced."""
        how = f"replaced by {self.advice.removeprefix('write ')}" if self.instead else "removed"
        return f"{self.found} {how}"


def odd_characters(text: str) -> Iterator[Odd]:
    """Each of them, in order."""
    if not _ANY.search(text):
        return
    found = [_invisible(match) for match in INVISIBLE.finditer(text)]
    found += [_compatible(match) for match in _COMPATIBLE.finditer(text)]
    if _OTHER_SCRIPT.search(text):
        found += _look_alikes(text)
    yield from sorted(found, key=lambda odd: odd.start)


def without_odd(text: str) -> str:
    """The text with all that has one right answer in its place."""
    parts, end = [], 0
    for odd in odd_characters(text):
        if odd.instead is not None and odd.start >= end:
            parts += [text[end : odd.start], odd.instead]
            end = odd.start + len(odd.written)
    return "".join([*parts, text[end:]])


def _invisible(match: re.Match[str]) -> Odd:
    if match[0] in _BULLETS:
        return Odd(match.start(), match[0], "•", f"{_named(match[0])}, a bullet", "write '-'")
    instead = "" if match[0] in _REMOVABLE else None
    return Odd(match.start(), match[0], instead, _named(match[0]), "remove it")


def _named(text: str) -> str:
    character = text[0]
    name = unicodedata.name(character, "control character")
    return "a NUL byte" if character == "\0" else f"U+{ord(character):04X} ({name})"


def _compatible(match: re.Match[str]) -> Odd:
    character = match[0]
    plain = {"\u02bc": "'", "\u2010": "-", "\u2011": "-"}.get(character)
    plain = plain or _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    found = _named(character)
    if plain == character:
        return Odd(match.start(), character, None, found, "type the character that is meant")
    shown = "a plain space" if plain.isspace() else repr(plain)
    return Odd(match.start(), character, plain, found, f"write {shown}")


def _look_alikes(text: str) -> Iterator[Odd]:
    """Words with letters of two alphabets, and words whose letters all look Latin."""
    words = list(_WORD.finditer(text))
    foreign = {w[0] for w in words if any(c not in _ALIKE for c in _OTHER_SCRIPT.findall(w[0]))}
    for word in words:
        letters = _OTHER_SCRIPT.findall(word[0])
        is_mixed = any(c.isascii() for c in word[0])
        if not letters or word[0] in foreign or (not is_mixed and (foreign or len(word[0]) < 2)):
            continue
        latin = "".join(_ALIKE.get(c, c) for c in word[0])
        found = f"{_named(letters[0])}, which only looks Latin"
        yield Odd(word.start(), word[0], latin, found, f"write {latin!r}")
