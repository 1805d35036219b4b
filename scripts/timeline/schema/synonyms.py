"""Words that people use for a key or a value, and the one that is meant."""

from timeline.schema.vocabulary import EntryType, LabelledEnum, Measure, Rank, SourceKind, Stage

_EFFECTIVE = "an effective date is written beside the stage, as 'effective: 2026-01-01'"

# By the list: word -> the value meant. Where several are possible, what decides is said instead.
_VALUES: dict[type, dict[str, LabelledEnum]] = {
    Stage: {
        **dict.fromkeys(
            (
                "draft",
                "draft for comment",
                "draft for comments",
                "comments",
                "consultation draft",
                "public consultation",
                "exposure draft",
                "征求意见稿",
                "征求意见",
                "草案",
            ),
            Stage.CONSULTATION,
        ),
        **dict.fromkeys(
            ("promulgated", "published", "released", "发布", "公布", "印发"), Stage.ISSUED
        ),
        **dict.fromkeys(
            ("revised", "amendment", "revision", "修订", "修正", "修改"), Stage.AMENDED
        ),
        **dict.fromkeys(("abolished", "revoked", "废止"), Stage.REPEALED),
        **dict.fromkeys(("withdrawn", "dropped", "shelved"), Stage.ABANDONED),
        **dict.fromkeys(("lapsed", "失效"), Stage.EXPIRED),
        **dict.fromkeys(
            ("first reading", "second reading", "third reading", "审议"), Stage.READING
        ),
        **dict.fromkeys(("started", "start", "began"), Stage.LAUNCHED),
        **dict.fromkeys(("ended", "finished", "closed"), Stage.CONCLUDED),
        "通过": Stage.PASSED,
    },
    EntryType: {
        **dict.fromkeys(
            (
                "law",
                "rule",
                "rules",
                "regulation",
                "legislation",
                "standard",
                "draft",
                "consultation",
                "legislative",
            ),
            EntryType.REGULATORY,
        ),
        **dict.fromkeys(("fine", "penalty", "sanction", "investigation"), EntryType.ENFORCEMENT),
        **dict.fromkeys(
            ("court", "case", "judgment", "litigation", "judgement"), EntryType.JUDICIAL
        ),
        **dict.fromkeys(("plan", "strategy", "programme", "opinions"), EntryType.POLICY),
        **dict.fromkeys(("business", "market", "company"), EntryType.INDUSTRY),
        **dict.fromkeys(("foreign", "treaty", "diplomatic"), EntryType.INTERNATIONAL),
    },
    SourceKind: {
        **dict.fromkeys(
            ("website", "government", "primary", "gazette", "notice"), SourceKind.OFFICIAL
        ),
        **dict.fromkeys(("press", "media", "newspaper", "report"), SourceKind.NEWS),
        **dict.fromkeys(
            ("law firm", "blog", "commentary", "article", "alert"), SourceKind.ANALYSIS
        ),
        "translated": SourceKind.TRANSLATION,
    },
    Measure: {
        "fine": Measure.ADMINISTRATIVE_FINE,
        "rectification": Measure.RECTIFICATION_ORDER,
        "delisting": Measure.REMOVAL,
        "prison": Measure.IMPRISONMENT,
        "compensation": Measure.DAMAGES,
    },
    Rank: {
        "regulation": Rank.ADMINISTRATIVE_REGULATION,
        "measures": Rank.DEPARTMENTAL_RULE,
        "notice": Rank.NORMATIVE_DOCUMENT,
        "gb": Rank.MANDATORY_NATIONAL_STANDARD,
        "gb/t": Rank.RECOMMENDED_NATIONAL_STANDARD,
    },
}
_EXPLAINED: dict[type, dict[str, str]] = {
    Stage: {
        **dict.fromkeys(
            ("effective", "in force", "in effect", "takes effect", "entered into force",
             "commenced", "生效", "施行", "实施"),
            f"it is no stage: {_EFFECTIVE}; the stage is the act that sets the date: passed for a "
            "law, issued for other documents, or amended",
        ),
        **dict.fromkeys(
            ("adopted", "approved", "enacted", "final", "finalised"),
            "write 'passed' where a legislature adopted it, 'issued' for other documents",
        ),
    }
}  # fmt: skip
_KEYS = {
    "status": "it is computed from the stages; write what happened as 'stage' under 'instruments'",
    **dict.fromkeys(("deadline", "comment_deadline", "comments_until"), "comments_close"),
    **dict.fromkeys(("link", "href", "address", "website", "uri"), "url"),
    **dict.fromkeys(("language", "locale"), "lang"),
    **dict.fromkeys(("name", "headline"), "title"),
    **dict.fromkeys(("law", "instrument", "rule", "regulation"), "id"),
    **dict.fromkeys(("body", "bodies", "authority", "authorities", "agency"), "regulators"),
    **dict.fromkeys(("tags", "tag", "subject", "subjects", "category", "categories"), "topics"),
    **dict.fromkeys(("source", "references"), "sources"),
    **dict.fromkeys(("effective_date", "in_force", "commencement", "effective_from"), "effective"),
    **dict.fromkeys(("author", "outlet", "publication"), "publisher"),
    **dict.fromkeys(("country", "region"), "jurisdiction"),
    **dict.fromkeys(("companies", "company", "defendant"), "parties"),
    **dict.fromkeys(("fine", "fines", "sanctions"), "penalties"),
    **dict.fromkeys(("published", "day"), "date"),
    **dict.fromkeys(("created", "date_added"), "added"),
    **dict.fromkeys(("correction", "corrections", "changelog"), "changes"),
    **dict.fromkeys(
        ("summary", "text", "body_text", "description", "content", "abstract"),
        "the text is written below the second line '---', not under a key",
    ),
}


def synonym(values: type, word: str) -> str | None:
    """The value of a closed list that a word means, where it means one."""
    meant = _VALUES.get(values, {}).get(word)
    return str(meant) if meant else None


def explained_value(values: type, word: str) -> str:
    """What to write for a word that is none of the values but has a meaning; or nothing."""
    folded = word.strip().lower()
    meant = synonym(values, folded)
    return f"write {meant!r}" if meant else _EXPLAINED.get(values, {}).get(folded, "")


def explained_key(word: str, keys: list[str], homes: dict[str, str]) -> str:
    """What to write for an unknown key, or nothing. `homes`: key -> the one it stands under."""
    folded = word.strip().lower().replace("-", "_")
    meant = _KEYS.get(folded, folded)
    if meant in keys:
        return f"did you mean {meant!r}?"
    home = homes.get(meant)
    if home:
        return f"{meant!r} is written under {home!r}"
    return meant if " " in meant else ""
