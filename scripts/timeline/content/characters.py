"""Find characters that are invisible or look like others, and suggest what to write instead.

They come with text pasted from PDF files, word processors and e-mails. A search does not find a
word that contains one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Invisible or misleading characters: control characters, direction marks, private use.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2028\u2029"
    "\u202a-\u202e\u2061-\u206f\ue000-\uf8ff\u200b-\u200f\u061c\u2060\ufeff\ufe00-\ufe0f"
    "\ufff9-\uffff\u3164\uffa0\U000e0000-\U0010ffff]"
)
_REMOVABLE = frozenset("\xad\u034f\u061c\u180e\u2060\ufeff\u200b\u200c\u200d\u200e\u200f")
_REMOVABLE |= {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2061, 0x2070))}
_REMOVABLE |= {chr(c) for c in range(0xFE00, 0xFE10)}
_BULLETS = "\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf06e\uf0fc\uf02d"  # of Word, in its symbol fonts
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f"
# Radicals that PDF files contain in place of ordinary characters. Unicode's own tables (NFKC) map
# those of the Kangxi block, but not these.
_RADICALS = dict(
    zip(
        "⺁⺃⺅⺆⺈⺉⺋⺌⺎⺐⺒⺓⺔⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺦⺧⺩⺫⺬⺭⺮⺰⺱⺲⺳⺵⺶⺷⺸⺹⺺⺼⺽⺾⺿⻀⻂⻅⻆⻈⻉⻋⻍⻎⻐⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻞⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂乙亻冂刀刂㔾小尢尣巳幺彑心扌攵旡月母民氵氺灬爫爫丬牛王罒示礻竹纟罓罒网网羊羊羊耂肀肉臼艹艹艹衤见角讠贝车辶辶钅镸长门阝雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
# Cyrillic, Greek and Armenian letters that look like Latin ones.
_LOOK_ALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵνɡօոսհցՕՍԼ",
        "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXovvgonuhgOUL",
        strict=True,
    )
)
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u058f]")
_WORD = re.compile(r"[^\W\d_]+")
# Full-width and half-width characters, mathematical letters and Roman numerals.
_WIDE = "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9d\U0001d400-\U0001d7ff\u2160-\u217f]"
# Ligatures, radicals, compatibility ideographs, apostrophes, hyphens and spaces.
_SINGLE = (
    f"[\ufb00-\ufb06\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\u02bc\u2010\u2011{_SPACES}]"
)
_COMPATIBLE = re.compile(f"{_WIDE}+|{_SINGLE}")
_ANY = re.compile(f"{INVISIBLE.pattern}|{_WIDE}|{_SINGLE}|{_OTHER_SCRIPT.pattern}")


@dataclass(frozen=True)
class SuspectCharacter:
    """A character, or a run of characters, that is invisible or looks like another.

    `replacement` is the text to write instead, None if it is not certain; `advice` tells the
    contributor.
    """

    start: int
    text: str
    replacement: str | None
    description: str
    advice: str

    @property
    def message(self) -> str:
        """What is wrong, and what to write instead."""
        return f"contains {self.description}; {self.advice}"

    @property
    def fix_message(self) -> str:
        """What was done to replace the character."""
        plain = self.advice.removeprefix("write ")
        return f"{self.description} {f'replaced by {plain}' if self.replacement else 'removed'}"


def suspect_characters(text: str) -> Iterator[SuspectCharacter]:
    """Yield the suspect characters of a text, in order."""
    if not _ANY.search(text):
        return
    found = [_invisible(match) for match in INVISIBLE.finditer(text)]
    found += [_compatible(match) for match in _COMPATIBLE.finditer(text)]
    if _OTHER_SCRIPT.search(text):
        found += _look_alikes(text)
    yield from sorted(found, key=lambda suspect: suspect.start)


def replace_suspect_characters(text: str) -> str:
    """Return the text with every suspect character replaced whose replacement is certain."""
    parts, end = [], 0
    for suspect in suspect_characters(text):
        if suspect.replacement is not None and suspect.start >= end:
            parts += [text[end : suspect.start], suspect.replacement]
            end = suspect.start + len(suspect.text)
    return "".join([*parts, text[end:]])


def _invisible(match: re.Match[str]) -> SuspectCharacter:
    character, name = match[0], _named(match[0])
    if character in _BULLETS:
        return SuspectCharacter(match.start(), character, "•", f"{name}, a bullet", "write '-'")
    replacement = "" if character in _REMOVABLE else None
    return SuspectCharacter(match.start(), character, replacement, name, "remove it")


def _named(text: str) -> str:
    """Return the code point and the Unicode name of the first character of a text."""
    character = text[0]
    name = unicodedata.name(character, "control character")
    return "a NUL byte" if character == "\0" else f"U+{ord(character):04X} ({name})"


def _compatible(match: re.Match[str]) -> SuspectCharacter:
    character = match[0]
    plain = {"\u02bc": "'", "\u2010": "-", "\u2011": "-"}.get(character)
    plain = plain or _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    name = _named(character)
    if plain == character:
        return SuspectCharacter(match.start(), character, None, name, "type the intended character")
    shown = "a plain space" if plain.isspace() else repr(plain)
    return SuspectCharacter(match.start(), character, plain, name, f"write {shown}")


def _look_alikes(text: str) -> Iterator[SuspectCharacter]:
    """Yield the words that mix two alphabets, and those whose letters all look like Latin ones."""
    words = list(_WORD.finditer(text))
    foreign = {w[0] for w in words if set(_OTHER_SCRIPT.findall(w[0])) - _LOOK_ALIKES.keys()}
    for word in words:
        letters = _OTHER_SCRIPT.findall(word[0])
        is_mixed = any(c.isascii() for c in word[0])
        if not letters or word[0] in foreign or (not is_mixed and (foreign or len(word[0]) < 2)):
            continue
        latin = "".join(_LOOK_ALIKES.get(c, c) for c in word[0])
        found = f"{_named(letters[0])}, which looks like a Latin letter"
        yield SuspectCharacter(word.start(), word[0], latin, found, f"write {latin!r}")
