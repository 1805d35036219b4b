"""Interpret what people write in a form, at a prompt or in a file as front matter values."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from timeline.content.dates import chinese_number, plain_numbers, read_dates
from timeline.content.front_matter import Value
from timeline.schema.addresses import WEB_ADDRESS, intended_address
from timeline.schema.codes import CODES, intended_currency
from timeline.schema.dates import YEARS
from timeline.schema.introspect import FieldSpec, field_spec, field_specs
from timeline.schema.synonyms import synonym
from timeline.schema.types import MONTH, NameIndex, fold_name, unwrapped_quotes

# No exponents, since a few characters could then stand for a number that fills the memory.
_NUMERAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


def interpret(
    model: type[BaseModel], written: Mapping[str, Any], index: NameIndex
) -> dict[str, Value]:
    """Return the values as front matter has them: numbers as numbers, names as ids, no empty keys.

    Texts are trimmed. A value that cannot be interpreted stays unchanged, for the check to report.
    """
    values = {key: _value(field_spec(model, key), value, index) for key, value in written.items()}
    amount = written.get("amount")
    is_sum = isinstance(amount, str) and "currency" in model.model_fields
    found = read_amount(str(amount)) if is_sum else None
    if found and found[1]:
        values["currency"] = values.get("currency") or found[1]
        if values["currency"] != found[1]:
            values["amount"] = amount
    return {key: v for key, v in values.items() if v not in (None, "", {}) and v != [""]}


def _value(spec: FieldSpec | None, written: Any, index: NameIndex) -> Value:
    """Interpret the value of a key."""
    if isinstance(written, list | tuple):
        if spec and not (spec.is_list or spec.is_free_text) and len(written) == 1:
            return _item(spec, written[0], index)
        return [_item(spec, one, index) for item in written for one in _split(spec, item, index)]
    if spec and spec.is_list and type(written) in {str, int} and written != "":
        mapping = mapping_from(spec, str(written), index)
        if mapping:
            return [mapping]
        if not spec.model:
            return [_item(spec, one, index) for one in split_list(spec, str(written), index)]
    return _item(spec, written, index)


def _item(spec: FieldSpec | None, written: Any, index: NameIndex) -> Value:
    """Interpret a single value or list item."""
    if isinstance(written, Mapping):
        return interpret(spec.model, written, index) if spec and spec.model else dict(written)
    if isinstance(written, list | tuple):
        return _value(spec, written, index)
    if spec and type(written) is int:
        is_text = spec.value_type is str  # such as the number of an article
        written = str(written) if is_text or (spec.is_date and written > YEARS.stop) else written
    if isinstance(written, str) and spec:
        return mapping_from(spec, written, index) or interpret_text(spec, written, index)
    return written if isinstance(written, bool | int | float | None) else str(written)


def _split(spec: FieldSpec | None, written: Any, index: NameIndex) -> list[Any]:
    """Return a list item, or several if it has the names of several pages."""
    if spec is None or spec.kind is None or not isinstance(written, str):
        return [written]
    return split_list(spec, written, index) or [written]


def split_list(spec: FieldSpec, text: str, index: NameIndex) -> list[str]:
    """Return the items of a list that somebody wrote on one line.

    Names of pages and numbers may be separated by commas. Other texts, such as names of companies,
    may contain commas and must be separated by semicolons.
    """
    text = text.strip().strip("[]［］【】「」『』〔〕").removeprefix("- ")
    text = text[1:-1] if re.fullmatch(r"[(（][^()（）]*[)）]", text) else text
    if spec.kind is not None:
        return index.split(spec.kind, text)
    if spec.name == "articles" and (articles := _articles(text)):
        return articles
    return [part.strip() for part in re.split("[;；]", text) if part.strip()]


def mapping_from(spec: FieldSpec, text: str, index: NameIndex) -> dict[str, Value] | None:
    """Return the mapping that a text stands for: a source for an address, a step for a name.

    Return None if it stands for none.
    """
    keys = field_specs(spec.model) if spec.model else {}
    named, url = keys.get("id"), "url" in keys and intended_address(text)
    name = index.resolve(named.kind, text.strip()) if named and named.kind else None
    cited = cited_articles(text, index) if "articles" in keys and not name else None
    if name:
        return {"id": name}
    if cited:
        return {"id": cited[0], "articles": [*cited[1]]}
    return {"url": url} if url else None


def cited_articles(text: str, index: NameIndex) -> tuple[str, list[str]] | None:
    """Return `tide-act` and `66` for `Tide Act, Article 66`; None if no instrument is cited."""
    match = re.fullmatch(
        r"(?P<name>.+?)[,，]?\s*(?P<articles>(?:\bart(?:icle)?s?\b|第).+)", text, re.IGNORECASE
    )
    name = index.resolve("instruments", match["name"].strip()) if match else None
    articles = _articles(match["articles"]) if match else []
    return (name, articles) if name and articles else None


def _articles(text: str) -> list[str]:
    """Return the articles that somebody wrote on one line, or none if one of them is uncertain."""
    text = re.sub(r"^\s*arts?(?:icles?)?\b\.?\s*", "", text, flags=re.IGNORECASE)
    found = [
        article_number(part) for part in re.split(r"[,;，；、&和]|\band\b", text) if part.strip()
    ]
    return found if all(re.match("[0-9]", one) for one in found) else []


def interpret_text(spec: FieldSpec, written: str, index: NameIndex) -> Value:
    """Return the intended value: an id for a name, a value for a label, a number for a numeral."""
    text = written.strip()
    if spec.kind is not None:
        return index.resolve(spec.kind, text) or text
    if spec.choices:
        word = fold_name(text)
        known = {choice.label.lower(): str(choice) for choice in spec.choices}
        choice = known.get(word) or synonym(spec.value_type, word)
        return word if word in spec.choices else choice or text
    if spec.is_free_text and text[1:-1].isascii():
        return unwrapped_quotes(text)
    return _scalar(spec, _normalised(spec, text))


def _normalised(spec: FieldSpec, text: str) -> str:
    """Return a date, code, address, article or amount in the required form, else the text."""
    is_month = spec.pattern == f"^{MONTH}$"
    if spec.is_date or is_month:
        dates = [str(date)[: len("2022-04") if is_month else None] for date in read_dates(text)]
        return dates[0] if len(dates) == 1 else text
    code = CODES.get(spec.name)
    if code:
        return text if code.is_code(text) else code.intended(text) or text
    if spec.pattern == f"^{WEB_ADDRESS}$":
        return intended_address(text) or text
    if spec.name == "articles":
        return article_number(text)
    if spec.value_type is Decimal:
        return (read_amount(text) or (text,))[0]
    return _ordinal(text) if spec.value_type is int else text


_ARTICLE = re.compile(
    r"(?:art(?:icle)?s?\.?|§|no\.|clause|section)?\s*第?\s*(?P<number>[\w().-]+?)\s*(?:条|款)?",
    re.IGNORECASE,
)


def article_number(text: str) -> str:
    """Return `24` for `Article 24`, `Art. 24`, `第二十四条` and `“24”`, else the text."""
    match = _ARTICLE.fullmatch(unwrapped_quotes(text).strip())
    number = chinese_number(match["number"]) if match else ""
    return number if re.match(r"[0-9]", number) else text


def _ordinal(text: str) -> str:
    """Return `2` for `second`, `2nd` and `第二次`, else the text."""
    word = re.sub(r"^第|[次轮稿批]$|(?<=\d)(?:st|nd|rd|th)$", "", text.lower())
    number = str(_ORDINALS.index(word) + 1) if word in _ORDINALS else chinese_number(word)
    return number if number.isdecimal() else text


_ORDINALS = ("first", "second", "third", "fourth", "fifth")
# Fewer digits than a float stores exactly.
_AMOUNT = re.compile(
    r"(?P<before>\D*?)\s*(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(?P<after>\D*)"
)


def read_amount(text: str) -> tuple[str, str] | None:
    """Return the number and currency of a sum: `200000`, `CNY` for `RMB 200,000` and `20万元`.

    The currency is empty if none is given. Return None if the text is not a sum of money.
    """
    plain = re.sub(r"(?<=\d)['’](?=\d{3}(?!\d))", "", text.strip())
    plain = re.sub(r"\b\d{1,3}(?:\.\d{3}){2,}\b", lambda match: match[0].replace(".", ""), plain)
    plain = re.sub(r"(?i)(?<=\d)\s?(?:mio|mn)\b\.?", " million", plain)
    match = _AMOUNT.fullmatch(plain_numbers(plain))
    if match is None:
        return None
    word = f"{match['before']}{match['after']}".strip()
    currency = intended_currency(word) if word else ""
    return None if currency is None else (f"{Decimal(match['number']).normalize():f}", currency)


def _scalar(spec: FieldSpec, text: str) -> Value:
    """Return the value that YAML would read from a text, given the type of the key."""
    if spec.value_type is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if not _NUMERAL.fullmatch(text):
        return text
    if "." in text and spec.value_type is not Decimal:
        return text
    if "." in text:
        number, exact = float(text), Decimal(text)
        if exact == exact.to_integral_value():
            return int(exact)
        return number if Decimal(str(number)) == exact else text
    is_year = spec.is_date and len(text) == 4
    return int(text) if is_year or spec.value_type in {int, Decimal} else text
