"""The closed lists of values in front matter; the open lists are vocabulary pages in docs/."""

from enum import Enum, StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A value of a closed list, with its position in the list and the label that readers see."""

    order: int

    def __new__(cls, value: str, *_: object) -> Self:
        """Return the value as a string; `__init__` sets the other attributes."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.order = len(cls.__members__)
        return member

    def __init__(self, _value: str, label: str) -> None:
        self.label = label


class EntryType(LabelledEnum):
    """The nature of a development, in the order of the sections of a bulletin."""

    REGULATORY = "regulatory", "Regulatory"
    POLICY = "policy", "Policy"
    ENFORCEMENT = "enforcement", "Enforcement"
    JUDICIAL = "judicial", "Courts"
    INDUSTRY = "industry", "Industry"
    INTERNATIONAL = "international", "International"


class SourceKind(LabelledEnum):
    """The kind of text that a source is, the most reliable first."""

    OFFICIAL = "official", "Official text"
    TRANSLATION = "translation", "Translation"
    NEWS = "news", "News"
    ANALYSIS = "analysis", "Analysis"


class AuthorityType(LabelledEnum):
    """The kind of body that a regulator is, in the order of the list of regulators."""

    def __init__(self, value: str, label: str, heading: str, local_heading: str = "") -> None:
        super().__init__(value, label)
        self.heading = heading  # over a list of such bodies
        self.local_heading = local_heading or heading

    LEGISLATURE = "legislature", "Legislature", "Legislature", "Local legislatures"
    PARTY = "party", "Party body", "Party bodies", "Local Party bodies"
    GOVERNMENT = "government", "Government", "Central government", "Local governments"
    AGENCY = "agency", "Ministry or agency", "Ministries and agencies", "Local departments"
    BRANCH = "branch", "Local branch", "Local branches"
    POLICE = "police", "Police or state security", "Police and state security", "Local police"
    COURT = "court", "Court", "Supreme court", "Other courts"
    PROCURATORATE = (
        "procuratorate", "Procuratorate", "Supreme procuratorate", "Other procuratorates",
    )  # fmt: skip
    STANDARDS = "standards", "Standards body", "Standards bodies"
    INSTITUTE = "institute", "Institute or centre", "Institutes and centres"
    ASSOCIATION = "association", "Association", "Associations"
    FOREIGN = "foreign", "Body abroad", "Authorities abroad"
    INTERNATIONAL = "international", "International organisation", "International organisations"


class Level(LabelledEnum):
    """The level of a body's remit."""

    CENTRAL = "central", "Central"
    PROVINCIAL = "provincial", "Provincial"
    MUNICIPAL = "municipal", "Municipal"
    DISTRICT = "district", "District"

    @property
    def is_local(self) -> bool:
        """True if the remit covers only part of the country."""
        return self is not Level.CENTRAL


class SuccessionType(LabelledEnum):
    """How one body succeeded another."""

    RENAMED = "renamed", "renamed"
    MERGED = "merged", "merged into"
    REPLACED = "replaced", "replaced by"
    SPLIT = "split", "split, in part to"


class Force(LabelledEnum):
    """The legal force of an instrument."""

    BINDING = "binding", "Binding"
    VOLUNTARY = "voluntary", "Voluntary"
    RELIED_ON = "relied-on", "Not binding, relied on in enforcement"
    NONE = "none", "Not legally binding"


class Commencement(Enum):
    """The rule that determines when documents of a rank begin to apply.

    Laws, administrative regulations, rules, judicial interpretations and standards state an
    effective date (Legislation Law, art. 61; Regulation on the Procedure for Making Administrative
    Regulations, art. 29; Regulation on the Procedure for Making Rules, art. 32). No such
    rule exists for normative documents, which apply from publication if they state no date. Plans
    and party documents create no rights or duties and are carried out; guidance has no legal
    effect.
    """

    STATED = 1
    STATED_OR_PUBLICATION = 2
    PROGRAMME = 3
    GUIDANCE = 4
    CAMPAIGN = 5


class Rank(LabelledEnum):
    """The legal rank of an instrument, highest first.

    `by_legislature`: passed by a legislature rather than issued by another body. `force`: the legal
    force that the rank implies unless the instrument's page says otherwise.
    """

    def __init__(
        self, value: str, label: str, force: Force = Force.BINDING, by_legislature: bool = False
    ) -> None:
        super().__init__(value, label)
        self.force = force
        self.by_legislature = by_legislature

    @property
    def commencement(self) -> Commencement:
        """The rule that determines when documents of this rank begin to apply."""
        return _COMMENCEMENT.get(self, Commencement.STATED)

    LAW = "law", "Law", Force.BINDING, True
    DECISION = "decision", "Decision of a legislature", Force.BINDING, True
    ADMINISTRATIVE_REGULATION = "administrative-regulation", "Administrative regulation"
    JUDICIAL_INTERPRETATION = "judicial-interpretation", "Judicial interpretation"
    DEPARTMENTAL_RULE = "departmental-rule", "Departmental rule"
    LOCAL_REGULATION = "local-regulation", "Local regulation", Force.BINDING, True
    LOCAL_RULE = "local-rule", "Local government rule"
    PARTY_DOCUMENT = "party-document", "Party document", Force.NONE
    NORMATIVE_DOCUMENT = "normative-document", "Normative document"
    MANDATORY_NATIONAL_STANDARD = "mandatory-national-standard", "Mandatory national standard"
    RECOMMENDED_NATIONAL_STANDARD = (
        "recommended-national-standard",
        "Recommended national standard",
        Force.RELIED_ON,
    )
    INDUSTRY_STANDARD = "industry-standard", "Industry standard", Force.RELIED_ON
    PRACTICE_GUIDE = "practice-guide", "Practice guide", Force.VOLUNTARY
    PLAN = "plan", "Plan", Force.NONE
    FOREIGN_LAW = "foreign-law", "Foreign law", Force.BINDING, True
    CAMPAIGN = "campaign", "Campaign", Force.NONE


_COMMENCEMENT = {
    Rank.NORMATIVE_DOCUMENT: Commencement.STATED_OR_PUBLICATION,
    Rank.PARTY_DOCUMENT: Commencement.PROGRAMME,
    Rank.PLAN: Commencement.PROGRAMME,
    Rank.PRACTICE_GUIDE: Commencement.GUIDANCE,
    Rank.CAMPAIGN: Commencement.CAMPAIGN,
}


class Stage(LabelledEnum):
    """A stage in the life of an instrument or a campaign."""

    PLANNED = "planned", "Planned"
    CONSULTATION = "consultation", "Consultation"
    SUBMITTED = "submitted", "Submitted"
    READING = "reading", "Reading"
    PASSED = "passed", "Passed"
    ISSUED = "issued", "Issued"
    AMENDED = "amended", "Amended"
    INTERPRETED = "interpreted", "Interpreted"
    REPEALED = "repealed", "Repealed"
    EXPIRED = "expired", "Expired"
    ABANDONED = "abandoned", "Abandoned"
    LAUNCHED = "launched", "Launched"
    BATCH = "batch", "Batch"
    CONCLUDED = "concluded", "Concluded"

    @property
    def tone(self) -> str:
        """The colour of the stage: `draft` before adoption, `made` for adoption or amendment."""
        if self in EFFECT_STAGES:
            return "made"
        return "draft" if self in DRAFT_STAGES else ""


STANDARDS = frozenset(
    {
        Rank.MANDATORY_NATIONAL_STANDARD,
        Rank.RECOMMENDED_NATIONAL_STANDARD,
        Rank.INDUSTRY_STANDARD,
    }
)
DRAFT_STAGES = frozenset({Stage.PLANNED, Stage.CONSULTATION, Stage.SUBMITTED, Stage.READING})
ADOPTION_STAGES = frozenset({Stage.PASSED, Stage.ISSUED})
CAMPAIGN_STAGES = frozenset({Stage.LAUNCHED, Stage.BATCH, Stage.CONCLUDED})
EFFECT_STAGES = frozenset({Stage.PASSED, Stage.ISSUED, Stage.AMENDED})


def stages_of(rank: Rank) -> tuple[Stage, ...]:
    """Return the possible stages of an instrument of this rank, in their usual order."""
    if rank is Rank.CAMPAIGN:
        return tuple(stage for stage in Stage if stage in CAMPAIGN_STAGES)
    absent = {Stage.ISSUED} if rank.by_legislature else {Stage.PASSED, Stage.READING}
    if rank is Rank.FOREIGN_LAW:  # abroad, governments issue regulations too
        absent = set()
    return tuple(s for s in Stage if s not in CAMPAIGN_STAGES and s not in absent)


class ValidityState(LabelledEnum):
    """The validity of an instrument."""

    NOT_YET_ADOPTED = "not-yet-adopted", "Not yet adopted"
    NOT_YET_IN_FORCE = "not-yet-in-force", "Not yet in force"
    IN_FORCE = "in-force", "In force"
    PARTLY_IN_FORCE = "partly-in-force", "Partly in force"
    PROGRAMME = "programme", "Programme"
    GUIDANCE = "guidance", "Published guidance"
    SUPERSEDED = "superseded", "Superseded"
    OVERTAKEN = "overtaken", "Overtaken"
    REPEALED = "repealed", "Repealed"
    EXPIRED = "expired", "Expired"
    PERIOD_ENDED = "period-ended", "Period ended"
    ABANDONED = "abandoned", "Abandoned"
    CONCLUDED = "concluded", "Concluded"
    UNKNOWN = "unknown", "Unknown"


def state_label(rank: Rank, state: ValidityState) -> str:
    """Return a state in words: a standard is current, a campaign is running, a draft is not law."""
    if rank is Rank.CAMPAIGN:
        running = {ValidityState.IN_FORCE: "Running", ValidityState.NOT_YET_IN_FORCE: "Announced"}
        return running.get(state, state.label)
    if state is ValidityState.NOT_YET_ADOPTED:
        return "Draft: not law" if rank.force is Force.BINDING else "Draft"
    if state is ValidityState.IN_FORCE and rank in STANDARDS:
        return "Current"
    return state.label


class Standing(LabelledEnum):
    """The gist of a validity state, for lists of many instruments."""

    APPLIES = "applies", "Applies today"
    AHEAD = "ahead", "Draft or not yet in force"
    UNKNOWN = "unknown", "Status unknown"
    ENDED = "ended", "No longer applies"


def standing(state: ValidityState) -> Standing:
    """Return the standing of an instrument in this state."""
    if state in APPLIES:
        return Standing.APPLIES
    if state is ValidityState.UNKNOWN:
        return Standing.UNKNOWN
    ahead = {ValidityState.NOT_YET_ADOPTED, ValidityState.NOT_YET_IN_FORCE}
    return Standing.AHEAD if state in ahead else Standing.ENDED


# The states in which an instrument applies today, at least to some.
APPLIES = frozenset(
    {
        ValidityState.IN_FORCE,
        ValidityState.PARTLY_IN_FORCE,
        ValidityState.PROGRAMME,
        ValidityState.GUIDANCE,
    }
)


def force_label(force: Force, state: ValidityState) -> str:
    """Return the legal force today in words, or nothing if the instrument no longer applies."""
    if state is ValidityState.NOT_YET_ADOPTED:
        return "None yet: a draft" + (" that would be binding" if force is Force.BINDING else "")
    if state is ValidityState.NOT_YET_IN_FORCE and force is Force.BINDING:
        return "Binding once in force"
    return force.label if state in APPLIES or state is ValidityState.UNKNOWN else ""


class PendingState(LabelledEnum):
    """A pending step in the life of an instrument."""

    OPEN_FOR_COMMENTS = "open-for-comments", "Open for comments"
    AWAITING_OUTCOME = "awaiting-outcome", "Consultation closed; not yet adopted"
    CLOSING_DAY_UNKNOWN = "closing-day-unknown", "Consultation; closing date not recorded"
    AMENDMENT = "amendment", "Amendment"
    DISPLACEMENT = "displacement", "To be displaced in part"
    SUPERSESSION = "supersession", "To be superseded"


class Measure(LabelledEnum):
    """The kind of penalty, with the Chinese word for which readers search."""

    def __init__(self, value: str, label: str, name_zh: str) -> None:
        super().__init__(value, label)
        self.name_zh = name_zh

    ADMINISTRATIVE_FINE = "administrative-fine", "Administrative fine", "行政罚款"
    CRIMINAL_FINE = "criminal-fine", "Criminal fine", "罚金"
    DAMAGES = "damages", "Damages", "损害赔偿"
    CONFISCATION = "confiscation", "Confiscation", "没收违法所得"
    WARNING = "warning", "Warning", "警告"
    RECTIFICATION_ORDER = "rectification-order", "Order to rectify", "责令改正"
    NAMING = "naming", "Public naming", "通报"
    REMOVAL = "removal", "Removal from stores", "下架"
    SUSPENSION = "suspension", "Suspension", "责令暂停"
    REVOCATION = "revocation", "Revocation of a licence", "吊销许可证"
    INTERVIEW = "interview", "Regulatory interview", "约谈"
    IMPRISONMENT = "imprisonment", "Imprisonment", "有期徒刑"
    APOLOGY = "apology", "Public apology", "赔礼道歉"
    DELETION_ORDER = "deletion-order", "Order to delete data", "责令删除"
    OTHER = "other", "Other measure", "其他措施"

    @property
    def is_monetary(self) -> bool:
        """True if the penalty is an amount of money."""
        return self in MONETARY_MEASURES

    @property
    def is_judicial(self) -> bool:
        """True if only a court can impose the penalty."""
        return self in {Measure.CRIMINAL_FINE, Measure.DAMAGES, Measure.IMPRISONMENT}


# In the order in which totals are listed; totals of different measures are never added up.
MONETARY_MEASURES = (
    Measure.ADMINISTRATIVE_FINE,
    Measure.CONFISCATION,
    Measure.CRIMINAL_FINE,
    Measure.DAMAGES,
)
