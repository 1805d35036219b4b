"""What the check says: each sentence once, for the check and for the form in the browser.

Braces mark what is filled in; values stand in them as `problems.shown` writes them.
"""

from enum import StrEnum


class Wording(StrEnum):
    """A sentence, or the end of one that begins with the name of a key."""

    # Of one value
    KEY = "'{key}': {said}"
    UNKNOWN_KEY = "unknown key {key}"
    MISSING = "'{key}' is missing"
    EMPTY = "is empty; write it or leave the key out"
    EMPTY_LIST = "is an empty list; leave the key out or name at least one"
    SEVERAL_LINES = "runs over several lines; write it in one"
    TWICE = "{value} stands twice"
    NOT_ONE_OF = "{value} is not one of {allowed}"
    NOT_OF_FORM = "{value} is not {form}"
    WRONG_TYPE = "must be {expected}, not {found}"
    ADDRESS = "{value} is not an address; it must begin with http:// or https://"
    NO_PAGE = "there is no page in docs/{kind}/ {value}"
    NO_ENTRY = "there is no entry {value}"
    NUMBER = "must be a number; write 200000 or 106859.84"
    UNSEEN = "contains {character}; remove it"
    # Of dates
    DATE = "{value} is not a date; write 2022-04-29, 2022-04 or 2022"
    DAY = "{value} is not a day; write it as 2022-04-29"
    LACKS_DAY = "{value} lacks the day; write it as 2022-04-29"
    YEAR = "{value}: the year must lie between {first} and {last}"
    NO_SUCH_DAY = "{value} is not a day of the calendar (day is out of range for month)"
    NO_SUCH_MONTH = "{value} is not a day of the calendar (month must be in 1..12)"
    # Within an entry
    BASIS = "name either an instrument ('id') or a rule in words ('text')"
    CURRENCY = "an amount needs its 'currency', such as CNY"
    SOURCE = "one of 'newsletters' and 'sources' is needed: where can a reader see this?"
    ADDED = "the date {date} is after the day on which the entry was added ({added})"
    NO_NAME = "the title gives no name for the file; say a slug in Latin letters"
    NO_PAGE_NAME = "{name} gives no name for the page; say one in Latin letters"
    LONG_ID = "the file's name has {count} characters; {most} is the most"
    ENTRY_ID = (
        "{value} is not an id; name the file <date>-<a-few-words>.md in lower-case letters, "
        "digits and hyphens, such as 2022-04-29-tc260-consults-on-certification.md"
    )
    EFFECT = "'effective' does not go with {found}; it goes with {allowed}"
    MOVED_TO_ITSELF = (
        "'instead_of' names the day itself ({day}); name the earlier day, or leave it out; only "
        "where a step is divided may a part keep its day"
    )
    MOVED_TOO_LATE = (
        "'instead_of' names {day}, which had passed on the entry's own date ({date}); what has "
        "taken effect cannot be moved"
    )
    COMMENTS = "'comments_close' goes only with the stage 'consultation'"
    COMMENTS_EARLY = "comments close on {day}, before they open ({date})"
    PERIOD = "'{key}' goes only with the rank '{rank}'"
    ENDS_EARLY = "ends ({end}) before it starts ({start})"
    STAGE_TWICE = (
        "the stage {stage} of {instrument} stands twice; write it once, or number the rounds"
    )
    ITSELF = "the entry names itself"
    FRONT = "the front matter has {count} characters; {most} is the most"
    # Across files
    TAKEN = "the id {id} is taken by {others} too"
    STAGE = "the stage {stage} is not one of a {rank} ({instrument}); its stages: {allowed}"
    AFTER_END = "the stage {stage} comes after the repeal of {instrument} ({entry})"
    EARLY_EFFECT = (
        "takes effect on {day}, before its own date ({date}); "
        "where that is right, say so in 'date_note'"
    )
    NOTHING_TO_MOVE = (
        "'instead_of' names {day}, but no earlier entry records a day of effect of {instrument} "
        "that was still to come"
    )
    NOT_RECORDED = (
        "'instead_of' names {day}, which no earlier entry records as a day of effect of "
        "{instrument}; recorded and still to come: {allowed}"
    )
    MOVED_ALREADY = "'instead_of' names {day}, in whose place {entry} put {instead}; name that day"
    # Of the text
    NO_TEXT = "there is no text under the front matter; say what happened"
    LONG_TEXT = "the text has {count} {what}; {most} is the most"
    HTML = "raw HTML is not allowed ({found}); write plain Markdown"
    NESTED = "is nested too deeply; write plain paragraphs and short lists"
    PICTURE = "pictures are not allowed; link to the page that shows it"
    DEAD_LINK = "the link {target} leads nowhere; link to https://… or ../<year>/<id>.md"
    LINK_TO_NOTHING = "the link {target} names no entry"
