"""What a reader of the file would doubt: warnings, since the writer may know better.

Dates that a quotation contradicts, days that lie far ahead, and people who may be private persons.
"""

import datetime
import re
from collections.abc import Iterator

from timeline.content.parser import ParsedFile
from timeline.problems import BODY, Location, Problem, quoted
from timeline.schema.dates import PartialDate
from timeline.schema.entry import Entry
from timeline.schema.written_dates import dates_in, plain_digits

FAR_AHEAD = 10  # years from a development to an effective date or a deadline
LONG_COMMENTS = 370  # days

Claim = tuple[Location, datetime.date]
_EFFECT = re.compile(
    r"自(?P<a>[^自，。；]{4,16}?)起(?:正式)?(?:施行|实施|生效)"
    r"|(?:take|come|enter)s? (?:into )?(?:effect|force) (?:on|from) (?P<b>[^.;,]{6,24}\d)"
)
_PUBLISHED = re.compile(
    r"\b[Ii]t (?:was )?(?:published|issued|released|announced|made public)[^.\n]{0,30}? on "
    r"(?P<date>\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4})"
)
_CLOSE = re.compile(
    r"(?:截止|反馈)[^，。；\d]{0,10}(?P<a>[\d\s]{4,6}年[\d\s]+月[\d\s]+日)"
    r"|(?P<b>\d{4}年\d+月\d+日)(?:前|之前|以前)(?:反馈|通过|将意见)"
)


def doubts(parsed: ParsedFile[Entry], entry: Entry) -> Iterator[Problem]:
    """Every warning about what an entry says."""
    found = [*contradicted_dates(entry), *_far_days(entry), *_people(entry)]
    for location, message in found:
        yield parsed.problem_at(location, message, warning=True)
    for match in _PUBLISHED.finditer(plain_digits(entry.body)):
        said = next(dates_in(match["date"]), None)
        days = _days(entry)
        near = _slip_of(said, days) if said and said.day and said.first_day not in days else None
        if near:
            line = entry.body_line + entry.body.count("\n", 0, match.start())
            message = f"the text says {match[0]!r}, the entry {near}; which is right?"
            yield Problem(parsed.path, line, message, warning=True, location=BODY)
    for match in _PERSON_IN_TEXT.finditer(entry.body):
        line = entry.body_line + entry.body.count("\n", 0, match.start())
        message = f"'{match[0]}' may name a private person; write who it was without the name"
        yield Problem(parsed.path, line, message, warning=True, location=BODY)


def contradicted_dates(entry: Entry) -> Iterator[tuple[Location, str]]:
    """A quotation that gives another day than the key that it bears."""
    effective = [effect.date for step in entry.instruments for effect in step.effective]
    closing = [step.comments_close for step in entry.instruments if step.comments_close]
    known = {str(day) for day in (*_days(entry), *effective, *closing)}
    in_text = {str(date) for date in dates_in(f"{entry.title}\n{entry.body}")}
    for place, source in enumerate(entry.sources):
        location: Location = ("sources", place, "quote")
        text = plain_digits(source.quote or "")
        for pattern, days, what in (
            (_EFFECT, effective, "effective date"),
            (_CLOSE, closing, "last day for comments"),
        ):
            for match in pattern.finditer(text):
                said = next(dates_in(match["a"] or match["b"]), None)
                if days and said and said.day and said.first_day not in days:
                    written = " and ".join(map(str, days))
                    yield location, f"the quotation gives {said} as {what}; the entry has {written}"
                    known.add(str(said))
        said_days = [date for date in dates_in(text) if date.day]
        doubtful = [d for d in said_days if str(d) not in known | in_text]
        if said_days and not known & {str(d) for d in said_days}:
            for date in doubtful:
                near = _slip_of(date, [*_days(entry), *effective, *closing])
                if near:
                    yield (
                        location,
                        f"the quotation says {date}; the entry says {near}; which is right?",
                    )


def _days(entry: Entry) -> list[datetime.date]:
    dates: list[PartialDate] = [entry.date]
    if entry.dates:
        named = ("decided", "dated", "passed", "reported")
        dates += [date for name in named if (date := getattr(entry.dates, name))]
    days = [date.first_day for date in dates if date.day]
    return [*days, *(deadline.date for deadline in entry.deadlines)]


def _slip_of(date: PartialDate, days: list[datetime.date]) -> datetime.date | None:
    """The day of which a date may be a slip of the hand: one part of it differs."""
    for day in days:
        parts = zip((date.year, date.month, date.day), (day.year, day.month, day.day), strict=True)
        if sum(a != b for a, b in parts) == 1 and abs((date.first_day - day).days) < 800:
            return day
    return None


def _far_days(entry: Entry) -> Iterator[tuple[Location, str]]:
    start = entry.date.first_day
    for index, step in enumerate(entry.instruments):
        at: Location = ("instruments", index)
        close = step.comments_close
        if close and (close - start).days > LONG_COMMENTS:
            days = f"{(close - start).days:,} days after the entry's date"
            yield (*at, "comments_close"), f"comments close {days}; is the year right?"
        for effect in step.effective:
            yield from _far((*at, "effective"), effect.date, start)
    for index, deadline in enumerate(entry.deadlines):
        yield from _far(("deadlines", index, "date"), deadline.date, start)


def _far(
    location: Location, day: datetime.date, start: datetime.date
) -> Iterator[tuple[Location, str]]:
    if day.year - start.year > FAR_AHEAD:
        years = day.year - start.year
        yield location, f"{day} lies {years} years after the entry's date; is the year right?"


# Surnames that most Chinese people have, in Latin letters and as characters.
_SURNAMES = (
    "Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|He|Lin|Gao|Luo"
    "Zheng|Liang|Xie|Song|Tang|Han|Feng|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai"
    "Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Ding|Ren|Yao|Shen|Zhong|Cui|Tan|Fan|Liao|Shi|Jin|Jia"
    "Xia|Fu|Fang|Zou|Xiong|Bai|Meng|Qin|Qiu|Hou|Yin|Xue|Yan|Duan|Lei|Long|Tao|Mao|Hao|Gu"
    "Gong|Shao|Wan|Qian|Dai|Mo|Kong"
)
_CHARACTERS = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_AGE = r"(?:aged \d{1,3}\b|\(\d{2}\)|\d{1,3}[- ]years?[- ]old|, ?\d{2}(?=[,)\s]|$)|\d{1,3}岁)"
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][a-z]+|\bsurnamed? [A-Z][a-z]+|先生$|女士$|某"
)
_COMPANY = re.compile(
    r"\b(?:ltd|limited|inc|llc|plc|gmbh|corp|corporation|co|company|companies|group|holdings?|bank|"
    r"university|college|school|hospital|clinic|institute|association|federation|society|"
    r"technolog(?:y|ies)|media|network|exchange|platforms?|apps?|news|store|hotel|airlines?|"
    r"motors?|auto|finance|credit|office|bureau|agency|ministry|committee|commission|court|centre|"
    r"cloud|ai|branch|operators?|providers?|data)\b|公司|集团|银行|大学|医院|学校|平台|中心|协会|科技|网",
    re.IGNORECASE,
)
_BOTH_NAMES = re.compile(r"[^()]+ \([\u4e00-\u9fff]+\)")  # as a company's are given
_LATIN_NAME = re.compile(
    rf"(?:{_SURNAMES}) [A-Z][a-z]+(?:[- ]?[a-z]+)?|[A-Z][a-z]+(?: [A-Z]\.)? (?:{_SURNAMES})"
)
_CHINESE_NAME = re.compile(rf"[{_CHARACTERS}][\u4e00-\u9fff]{{1,2}}")
_ROLE = "man|woman|person|employee|user|defendant|suspect|student|blogger"
_PERSON_IN_TEXT = re.compile(
    r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}(?<!Article)(?:, \d{2},|,? \(?aged \d{2}\)?)"
    rf"|\b(?:{_ROLE})s?,? (?:sur)?named? [A-Z][a-z]+|[{_CHARACTERS}]某{{1,2}}"
    r"|\b(?:surnamed|surname|identified as) [A-Z][a-z]+|\b(?:Mr|Mrs|Ms|Miss)\.? [A-Z][a-z]+"
    r"|\b[A-Z][a-z]+ (?:Mou|Moumou)\b"
    rf"|\b(?:{_SURNAMES}) [A-Z][a-z]+, (?:a \d{{2}}-year-old|who)\b"
)


def is_likely_person(name: str) -> bool:
    """Whether a party is likely a person: by age, title, 某, or a name without a company's form."""
    if re.search(_AGE, name) or _TITLE.search(name):
        return True
    if _COMPANY.search(name):
        return False
    return bool(_LATIN_NAME.fullmatch(name) or _CHINESE_NAME.fullmatch(name))


def _people(entry: Entry) -> Iterator[tuple[Location, str]]:
    named: list[tuple[Location, str]]
    named = [(("parties", i), party) for i, party in enumerate(entry.parties)]
    named += [(("penalties", i, "party"), p.party) for i, p in enumerate(entry.penalties)]
    companies = {name.split(" (")[0] for _, name in named if _BOTH_NAMES.fullmatch(name)}
    for location, name in named:
        if name not in companies and is_likely_person(name):
            yield (
                location,
                (
                    f"{quoted(name)} may be a private person; name the company, or a class such as "
                    "'an employee of the bank'"
                ),
            )
