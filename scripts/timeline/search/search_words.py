"""What the search must find beside the words that stand on a page.

The search library finds the beginning of a word, and takes a Chinese name for one word. So every
place in such a name at which a reader may begin becomes a word of its own, and names are kept
once more without the spaces and marks that people write or leave out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

PIECE = 8  # characters of Chinese in a word; the search cuts longer queries into such pieces
END = "zq"  # ends a name, where the search would take it for the beginning of a longer one
EVERY = "every" + END  # stands on each entry, so that all can be asked for by one word

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(r"[^\W_]+")
_CHINESE = re.compile(f"[{_HAN}]")
_MARKS = re.compile(r"[\W_]+")


def collapsed(name: str) -> str:
    """`gbt352732020` for `GB/T 35273-2020`: a name without what varies in its spelling."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name).casefold())


def exact_names(names: Iterable[str]) -> str:
    """Words by which a page is found under exactly one of these names."""
    return " ".join(dict.fromkeys(collapsed(name) + END for name in names))


def pieces(text: str) -> Iterator[str]:
    """Each two to eight characters of Chinese that a reader may look for, from every place.

    Letters and figures that stand in a Chinese name belong to it, and so do the years beside it.
    """
    if not _CHINESE.search(text):
        return
    for run in _RUN.findall(unicodedata.normalize("NFKC", text)):
        if _CHINESE.search(run) or run.isdecimal():
            cut = (run[start : start + PIECE].casefold() for start in range(len(run)))
            yield from (piece for piece in cut if len(piece) > 1)
        else:
            yield run.casefold()


def hidden_words(names: Iterable[str], texts: Iterable[str]) -> str:
    """Words under which a page is found by these names, and by any part of these Chinese texts.

    Numbers of documents and standards are written with and without spaces and marks.
    """
    spelled = [name for name in names if name]
    found = [*spelled, *(collapsed(name) for name in spelled if re.search("[0-9]", name))]
    for text in texts:
        found += pieces(text)
    return " ".join(dict.fromkeys(found))
