"""Import of newsletter issues from an invented country in many layouts, and of other files."""

import io
import json
import random
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import check
import import_newsletter
import measure_import
import pytest
import yaml
from conftest import WORLD
from import_newsletter import as_json
from timeline.checks import Project
from timeline.config import read_site
from timeline.content.collection import Collection
from timeline.content.dates import relative_days
from timeline.content.front_matter import file_text
from timeline.contribute.newsletters import read_newsletter
from timeline.documents.lines import read_lines
from timeline.importer.developments import ParsedNewsletter
from timeline.schema.dates import PartialDate, today
from timeline.schema.entry import Entry
from timeline.schema.terms import TERMS

pytestmark = pytest.mark.generated

DATA = Path(__file__).parent / "bulletins"
EXPECTED: dict[str, list[dict[str, Any]]] = yaml.load(
    (DATA / "expected.yml").read_text(encoding="utf-8"), yaml.BaseLoader
)


WORDS = re.compile(r"\w+")


@pytest.fixture(autouse=True)
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the command's name, with which messages start, and no terminal."""
    monkeypatch.setattr("sys.argv", ["import_newsletter.py"])
    monkeypatch.setattr("sys.stdin", io.StringIO())


def write_pages(root: Path) -> None:
    """Add the vocabulary and entries that the issues need to a copy of the invented world."""
    pages = yaml.load((DATA / "vocabulary.yml").read_text(encoding="utf-8"), yaml.SafeLoader)
    pages = json.loads(json.dumps(pages, default=str))
    for kind, terms in pages.items():
        for name, values in terms.items():
            folder = f"entries/{name[:4]}" if kind == "entries" else f"docs/{kind}"
            file = root / folder / f"{name}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            model = TERMS.get(kind, Entry)
            body = "The office told what it asks of harbours and sailors by the sea. " * 6
            file.write_text(file_text(model, values, body), encoding="utf-8")


@pytest.fixture(scope="module")
def tidewater(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented world with the bodies and instruments of the newsletter issues."""
    root = Path(shutil.copytree(WORLD, tmp_path_factory.mktemp("tidewater") / "world"))
    write_pages(root)
    return root


@pytest.fixture(scope="module")
def collection(tidewater: Path) -> Collection:
    loaded = Project(tidewater).load()
    assert loaded.collection is not None, [str(problem) for problem in loaded.problems]
    return loaded.collection


def read(name: str, collection: Collection) -> ParsedNewsletter:
    return read_newsletter(read_lines(name, (DATA / name).read_bytes()), collection)


def shown(found: dict[str, Any], key: str) -> Any:
    """Return a development's values for a key of `expected.yml`, as texts."""
    match key:
        case "stages":
            return {law["id"] or law["name"]: law["stage"] for law in found["instruments"]}
        case "other_dates":
            return [[one["date"], one["what"]] for one in found[key]]
        case "amounts":
            return [[f"{one['value']:.0f}", one["unit"]] for one in found[key]]
        case "regulators":
            return sorted(found[key])
    return json.loads(json.dumps(found[key]), parse_int=str)


def differences(found: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    """Return the differences from the expected development; lists may have additional items."""
    for key, wanted in expected.items():
        value = shown(found, key)
        if key == "stages":
            is_right = value.items() >= wanted.items()
        elif key in {"other_dates", "amounts", "parties", "urls", "unknown_bodies"}:
            is_right = all(one in value for one in wanted)
        else:
            is_right = (sorted(wanted) if key == "regulators" else wanted) == (
                "null" if value is None else value
            )
        if not is_right:
            yield f"{key} {value}, not {wanted}"


def compare(name: str, collection: Collection) -> list[str]:
    """Return every difference between a newsletter issue and the expected result."""
    found = [as_json(development) for development in read(name, collection).developments]
    wanted = EXPECTED[name]
    left = [*found]  # several developments can have the same lines
    problems = []
    for expected in wanted:
        key = "lines" if "lines" in expected else "date"
        match = next((o for o in left if shown(o, key) == expected[key]), None)
        if match is None:
            problems.append(f"no item {expected[key]}")
        else:
            left.remove(match)
            problems += [f"{match['lines']}: {problem}" for problem in differences(match, expected)]
    if len(found) != len(wanted):
        spans = [(one["lines"], one["date"]) for one in found]
        problems.append(f"{len(found)} items, not {len(wanted)}: {spans}")
    return problems


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.startswith("held_out")])
def test_newsletter_issue_is_read_as_expected(name: str, collection: Collection) -> None:
    assert compare(name, collection) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Three days later the office", "2026-04-13"),
        ("And a week after the ministry, the office", "2026-04-17"),
        ("两天后，港信部", "2026-04-12"),
        ("同日，港信部", "2026-04-10"),
        ("the day after, the office", "2026-04-11"),
        ("On Tuesday the office", "2026-04-07"),
        ("The office last Friday published", "2026-04-03"),
        ("The office on Thursday last week", "2026-04-02"),
        ("上周五，港信部", "2026-04-03"),
        ("The office yesterday", "2026-04-09"),
        ("This afternoon the office", "2026-04-10"),
        ("by today, the same day as last year, on Fridays, on Friday 1 May, a month later", None),
    ],
)
def test_relative_days_are_resolved(text: str, day: str | None) -> None:
    """Days count from Friday 10 April 2026, the date of the preceding event or of the issue."""
    friday = PartialDate(2026, 4, 10)
    assert next((str(x.date) for x in relative_days(text, friday, friday)), None) == day
    assert not [*relative_days(text, None, None)]


# The command


def run(
    arguments: list[str],
    root: Path,
    capsys: pytest.CaptureFixture[str],
    ask: Callable[[str], str] | None = None,
) -> tuple[int, str, str]:
    """Run the command, and return its status, standard output and standard error."""
    status = import_newsletter.main(arguments, root, ask)
    return status, *capsys.readouterr()


@pytest.fixture
def project(tidewater: Path, tmp_path: Path) -> Path:
    """A checkout that a test may change."""
    return Path(shutil.copytree(tidewater, tmp_path / "project"))


FIRST = str(DATA / "01-numbered-sections.txt")
DRAFT = """\
---
title:
date: 2023-05-11
type: regulatory
regulators: [assembly]
topics: [tides, lamps]
newsletters: [gull-2023-06]
instruments:
  - id: tide-act
    stage: amended
    effective: 2024-01-01
added: DAY
---
To do: write 60 to 180 words of your own from these notes, then delete them.

- Read from: 01-numbered-sections.txt, lines 17 to 19, section “Regulatory developments”
- Confidence in the lines, the date and the bodies: 100%; type and topics are guesses
- Earlier entry on the same instrument: 2022-02-03-south-harbour-fined
"""


def test_new_developments_become_drafts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(project.rglob("*"))
    status, printed, errors = run([FIRST, "--newsletter", "gull-2023-06"], project, capsys)
    assert (status, errors) == (0, "")
    folder = project / "drafts"
    written = sorted(file.name for file in folder.iterdir())
    assert written == [
        "2023-05-11-assembly-tide-act-amended.md",
        "2023-05-19-bot-enforcement.md",
        "2023-05-24-gull-institute-foghorn-white-paper-2023-issued.md",
    ]
    day = str(today(read_site(project).zone))
    assert (folder / written[0]).read_text(encoding="utf-8") == DRAFT.replace("DAY", day)
    matched = "entries/2023/2023-05-08-fog-data-measures-consultation.md\n"
    assert (
        f"13–15: Measures for the Administration of Fog Data released for pub…\n    is {matched}"
        in printed
    )
    assert "Developments: 5 (2 on the site, 3 new); issue of June 2023\n" in printed
    assert "  31: Industry developments\n" in printed
    assert "No newsletter is cited" not in printed
    after = [file for file in sorted(project.rglob("*")) if not file.is_relative_to(folder)]
    assert after == before


def test_check_asks_for_the_bodies_of_a_draft(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([str(DATA / "08-chinese.txt")], project, capsys)
    [draft] = (project / "drafts").glob("2023-05-22-*.md")
    check.main([str(draft)], project)
    message = "'regulators' has no value, but it is required (bodies that acted; an empty list"
    expected = f"{draft.relative_to(project)}:5: {message} if none did); write one\n"
    assert expected in capsys.readouterr().err


def test_known_values_are_filled_in(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([str(DATA / "42-invented-brief.txt")], project, capsys)
    drafts = {file.name[:10]: file for file in (project / "drafts").iterdir()}
    damages = drafts["2026-09-18"].read_text(encoding="utf-8")
    assert '  - id: anti-unfair-competition-law\n    articles: ["13"]\n' in damages
    imposed = "    measure: damages\n    amount: 1800000\n    currency: CNY\n"
    assert f"penalties:\n  - party:\n{imposed}" in damages
    standard = "Cybersecurity Technology: Security Requirements for Artificial Intelligence Agents"
    consulted = "    stage: consultation\n    comments_close: 2026-11-21\n"
    draft = drafts["2026-09-22"].read_text(encoding="utf-8")
    assert f'instruments:\n  - id: "{standard}"\n{consulted}' in draft
    check.main([str(drafts["2026-09-18"]), str(drafts["2026-09-22"])], project)
    printed = capsys.readouterr().err
    assert (
        "'party' has no value, but it is required (a company, body or class of parties" in printed
    )
    assert f"there is no page '{standard[:40]}" in printed


def test_a_fine_is_a_penalty(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    sentence = "announced that it had fined Grey Gull Finance Ltd RMB 80,000 for 300 lost records."
    file.write_text(f"On 8 May 2023, the Lantern Safety Office {sentence}", encoding="utf-8")
    run([str(file)], project, capsys)
    draft = (project / "drafts" / "2023-05-08-lso-enforcement.md").read_text(encoding="utf-8")
    assert (
        "type: enforcement\nregulators: [lso]\ntopics:\npenalties:\n"
        "  - party: Grey Gull Finance Ltd\n    measure: administrative-fine\n"
        "    amount: 80000\n    currency: CNY\n"
    ) in draft


def test_no_draft_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([FIRST], project, capsys)
    drafts = {file: file.stat().st_mtime_ns for file in (project / "drafts").iterdir()}
    status, printed, _ = run([FIRST], project, capsys)
    assert status == 0
    assert printed.count("exists already, left alone: ") == len(drafts) == 3
    assert (
        "No newsletter is cited: name its page in docs/newsletters/ with --newsletter\n" in printed
    )
    assert {file: file.stat().st_mtime_ns for file in (project / "drafts").iterdir()} == drafts


SECOND = ["--newsletter", "gull-2022-03", "--month", "2023-06"]


def test_newsletter_is_suggested_for_an_existing_entry(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, printed, _ = run([FIRST, *SECOND], project, capsys)
    assert "consultation.md; add there: newsletters: [gull-2023-06, gull-2022-03]\n" in printed


@pytest.mark.parametrize("name", list(EXPECTED))
def test_no_sentence_is_copied_into_a_draft(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # No 15 consecutive words are copied; the longest name of an instrument has 13.
    status, _, _ = run([str(DATA / name)], project, capsys)
    assert status == 0
    lines = read_lines(name, (DATA / name).read_bytes())
    source = WORDS.findall(" ".join(line.text for line in lines).lower())
    runs = {tuple(source[place : place + 15]) for place in range(len(source) - 14)}
    for file in (project / "drafts").iterdir():
        words = WORDS.findall(file.read_text(encoding="utf-8").lower())
        assert not runs & {tuple(words[place : place + 15]) for place in range(len(words) - 14)}


def test_check_lists_what_a_draft_still_needs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([FIRST], project, capsys)
    path = "drafts/2023-05-11-assembly-tide-act-amended.md"
    (project / path).write_text(DRAFT.replace("DAY", "2023-06-12"), encoding="utf-8")
    drafts = [project / path]
    assert check.main([str(path) for path in drafts], project) == 1
    assert capsys.readouterr().err == (
        f"{path}:2: 'title' has no value, but it is required (headline in the present tense); "
        "write one\n"
        f"{path}:14: the text contains the notes of a draft; write the text and delete the notes\n"
    )
    finished = DRAFT.replace("title:", "title: Assembly amends the act").replace(
        "DAY", "2023-06-12"
    )
    text = finished[: finished.index("To do:")] + "The assembly told what it asks. " * 12
    (project / path).write_text(text, encoding="utf-8")
    assert check.main([str(path) for path in drafts], project) == 0
    target = "entries/2023/2023-05-11-assembly-amends-act.md"
    advice = "the file name becomes its permanent address"
    finished = f"{path}:1: warning: the draft is finished; move it to {target}; {advice}\n"
    assert capsys.readouterr().err == finished
    (project / path).rename(project / target)
    assert check.main([str(project / target)], project) == 0
    assert capsys.readouterr().err == ""


def test_drafts_are_not_part_of_the_site(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Project(project).load()
    run([FIRST], project, capsys)
    after = Project(project).load()
    assert after.problems == before.problems
    assert after.collection == before.collection


def test_notes_of_a_draft_are_not_accepted_as_text(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = "entries/2023/2023-05-11-assembly-tide-act-amended.md"
    text = DRAFT.replace("title:", "title: Assembly amends").replace("DAY", "2023-06-12")
    (project / path).write_text(text, encoding="utf-8")
    assert check.main([], project) == 1
    assert f"{path}:14: the text contains the notes of a draft" in capsys.readouterr().err


def test_json_output_is_stable_and_writes_no_drafts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, printed, summary = run([FIRST, "--json"], project, capsys)
    assert status == 0
    assert summary.startswith("Developments: 5 (2 on the site, 3 new); issue of June 2023\n")
    found = json.loads(printed)
    assert list(found[0]) == [
        "lines", "section", "heading", "date", "date_precision", "type", "regulators",
        "unknown_bodies", "instruments", "topics", "other_dates", "amounts", "parties", "urls",
        "duplicate_of", "confidence", "notes",
    ]  # fmt: skip
    assert (found[0]["lines"], found[0]["date"], found[0]["date_precision"]) == (
        [13, 15],
        "2023-05-08",
        "day",
    )
    assert not (project / "drafts").exists()
    assert run([FIRST, "--json"], project, capsys)[1] == printed


def test_month_is_asked_for_if_unknown(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "undated.txt"
    text = "On 8 May, the Lantern Safety Office issued the Measures for the Care of Lamps."
    file.write_text(text, encoding="utf-8")
    status, printed, _ = run([str(file), "--json"], project, capsys)
    assert (status, json.loads(printed)[0]["date"]) == (0, None)
    assert json.loads(printed)[0]["notes"] == [
        "date: no year; give --month",
        "confidence: no day, no heading",
    ]
    for arguments, ask in ([], lambda _: "2023-06"), (["--month", "2023-06"], None):
        status, printed, _ = run([str(file), "--json", *arguments], project, capsys, ask)
        assert (status, json.loads(printed)[0]["date"]) == (0, "2023-05-08")
    status, _, errors = run([str(file)], project, capsys, lambda _: "June")
    assert (status, errors.strip()) == (
        1,
        f"import_newsletter.py: {file}: 'June' is not a date; write 2022-04-29, 2022-04 or 2022",
    )


def test_an_alias_added_to_a_body_is_recognised(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    text = "On 8 May 2023, the Buoy Watch (BW) issued the Measures for the Care of Lamps."
    file.write_text(text, encoding="utf-8")
    before = json.loads(run([str(file), "--json"], project, capsys)[1])
    page = project / "docs" / "regulators" / "lso.md"
    edited = page.read_text(encoding="utf-8").replace("aliases: [", "aliases: [Buoy Watch, ")
    page.write_text(edited, encoding="utf-8")
    after = json.loads(run([str(file), "--json"], project, capsys)[1])
    assert (before[0]["regulators"], after[0]["regulators"]) == ([], ["lso"])


def test_a_chinese_name_does_not_match_a_longer_one(collection: Collection) -> None:
    text = "5月8日，国家灯安办发布《海雾数据管理办法》，同时施行《雾数据管理办法》。"
    [one] = read_newsletter(read_lines("x", text.encode()), collection).developments
    assert [law.id for law in one.instruments] == [None, "fog-data-measures"]


def test_unnamed_bodies_are_taken_from_the_instrument(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    text = "the Ministry of Piers and other four departments issued the Provisions on the Export of"
    file.write_text(f"On 8 May 2023, {text} Lantern Records.", encoding="utf-8")
    [one] = json.loads(run([str(file), "--json"], project, capsys)[1])
    assert one["regulators"] == ["mop", "lso"]
    assert one["notes"][0].startswith("bodies: “and other four departments”; name each")
    assert one["notes"][1] == (
        "bodies: not all are named; the issuers of lantern-export-provisions were added"
    )


FOG = "Fog data\nOn 8 May 2023, the Lantern Safety Office issued the Fog Data Measures."


def test_two_headings_lower_the_confidence(collection: Collection) -> None:
    more = "\n\nNews of piers\nThe gates are open."
    bulletin = read_newsletter(read_lines("x", f"{FOG}{more}".encode()), collection)
    [one] = bulletin.developments
    assert one.notes[-1].endswith("two headings")
    assert (one.confidence, bulletin.rest) == (0.7, ())


def test_another_edition_is_not_matched_to_the_page(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    text = "On 8 May 2024, the Lantern Safety Office published the second edition of the Fog Data"
    file.write_text(f"{text} Measures. They take effect on 1 June 2024.", encoding="utf-8")
    run([str(file)], project, capsys)
    [draft] = (project / "drafts").iterdir()
    written = draft.read_text(encoding="utf-8")
    assert "  - id: Fog Data Measures (second edition)\n    stage: issued\n" in written
    assert (
        "give its id, or add a page in docs/instruments/; fog-data-measures is another" in written
    )


def test_numbers_and_days_are_filled_in(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    text = "sought comments until 7 June 2023 on the second draft of the Fog Data Measures"
    more = "dated 2 May 2023. Harbours must send their tables by 30 June 2023."
    newsletter = f"On 9 May 2023, the Lantern Safety Office {text}, {more}"
    file.write_text(newsletter, encoding="utf-8")
    run([str(file)], project, capsys)
    [draft] = (project / "drafts").iterdir()
    assert (
        "  - id: fog-data-measures\n    stage: consultation\n    round: 2\n"
        "    comments_close: 2023-06-07\ndates:\n  dated: 2023-05-02\n"
        "deadlines:\n  - date: 2023-06-30\n    what:\n"
    ) in draft.read_text(encoding="utf-8")


def test_an_advertisement_within_a_development_is_part_of_its_lines(collection: Collection) -> None:
    more = "\n\nPlease contact our team.\n\nTables\nThe tables are public. They are long."
    bulletin = read_newsletter(read_lines("x", f"{FOG}{more}".encode()), collection)
    assert ([one.lines for one in bulletin.developments], bulletin.rest) == ([(1, 7)], ())


def test_progress_is_printed(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin.txt"
    file.write_text(f"{FOG}\n\n" * 12, encoding="utf-8")
    errors = run([str(file), "--json"], project, capsys)[2]
    assert errors.startswith("Reading development 10 of 12 …\nDevelopments: 12 ")


# Files that are hard to read, or not newsletters

CONVERTED = "On 8 May 2023, the Lantern Safety Office issued the Fog Data Measures."


def docx(text: str) -> bytes:
    """Return a Word document."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/'
        'wordprocessingml/2006/main"><w:body><w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>'
        "<w:r><w:t>Fog data measures issued</w:t></w:r></w:p>"
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


def pdf(text: str) -> bytes:
    """Return a PDF of one page."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = b"xref\n0 7\n0000000000 65535 f \n" + table
    end = b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + start + end


HTML = f"<!doctype html><title>x</title><nav>Home</nav><h2>Fog data</h2><p>{CONVERTED}</p>"


@pytest.mark.parametrize(
    "data", [docx(CONVERTED), pdf(CONVERTED), HTML.encode()], ids=["docx", "pdf", "html"]
)
def test_every_format_is_read(
    data: bytes, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bulletin"
    file.write_bytes(data)
    status, printed, _ = run([str(file), "--json"], project, capsys)
    assert status == 0
    [one] = json.loads(printed)
    assert (one["date"], one["regulators"], one["instruments"][0]["stage"]) == (
        "2023-05-08",
        ["lso"],
        "issued",
    )


def zip_bomb() -> bytes:
    """Return a Word document of a few kilobytes that unpacks to 200 MB."""
    return docx("0" * 200_000_000)


NOT_TEXT = "is not text; give plain text, Markdown, HTML, Word or PDF"
NO_TEXT = "has no text; a scanned document needs text recognition first"
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", NO_TEXT),
    "blank": (lambda: b" \n\xe2\x80\x8b\n", NO_TEXT),
    "random": (lambda: random.Random(7).randbytes(100_000), "is not UTF-8"),
    "control characters": (lambda: b"abc\0def", NOT_TEXT),
    "latin": (lambda: "Résumé".encode("latin-1"), "is not UTF-8"),
    "large": (lambda: b"On 8 May 2023 x.\n" * 3_000_000, "has more than 20,000,000 bytes"),
    "long": (lambda: b"On 8 May 2023 x.\n" * 70_000, "has more than 300,000 characters of text"),
    "one line": (lambda: b"On 8 May 2023, " * 1000, "line 1 has more than 10,000 characters"),
    "pdf without text": (lambda: pdf(""), NO_TEXT),
    "broken pdf": (lambda: b"%PDF-1.7\n" + random.Random(7).randbytes(5000), "cannot be read"),
    "cut docx": (lambda: docx(CONVERTED)[:200], "cannot be read"),
    "zip_bomb": (zip_bomb, "is too large when unpacked"),
    "tag soup": (lambda: b"<html>" + b"<b><table><p " * 200_000, ""),
    "nested tables": (lambda: b"<html>" + b"<table><tr><td>x" * 3_000, ""),
    "nested": (lambda: b"<html>" + b"<div>" * 100_000 + b"x", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_a_message(
    case: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, message = BAD[case]
    file = tmp_path / "bulletin"
    file.write_bytes(make())
    start = time.monotonic()
    status, printed, errors = run([str(file)], project, capsys)
    assert time.monotonic() - start < 40
    assert status == 1, printed
    assert errors.startswith(f"import_newsletter.py: {file}: ")
    assert message in errors
    assert errors.count("\n") == 1
    assert not (project / "drafts").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt"], "nowhere.txt: No such file or directory"),
        ([str(DATA)], f"{DATA}: Is a directory"),
        (
            [FIRST, "--newsletter", "gull-2023-07"],
            (
                "there is no page 'gull-2023-07' in docs/newsletters/; "
                "there are gull-2021-06, gull-2022-02, gull-2022-03, gull-2023-06"
            ),
        ),
    ],
)
def test_bad_arguments_are_refused(
    arguments: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments, project, capsys) == (1, "", f"import_newsletter.py: {message}\n")


@pytest.mark.parametrize("month", ["June", "2023", "2023-06-01", "2023-13"])
def test_bad_month_is_refused(
    month: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run([FIRST, "--month", month], project, capsys)
    assert "--month: " in capsys.readouterr().err


@pytest.mark.parametrize("seed", range(20))
def test_shuffled_text_is_read_without_losing_lines(seed: int, collection: Collection) -> None:
    """An issue's words are read in any order, and no line is lost."""
    chance = random.Random(seed)
    name = chance.choice([name for name in EXPECTED if name.endswith((".txt", ".md"))])
    text = (DATA / name).read_text(encoding="utf-8")
    parts = re.split(r"(\s+)", text)
    chance.shuffle(parts)
    lines = read_lines("x", "".join(parts).encode())
    bulletin = read_newsletter(lines, collection)
    used = {n for one in bulletin.developments for n in range(one.lines[0], one.lines[1] + 1)}
    assert {line.number for line in lines} <= used | {line.number for line in bulletin.rest}


def test_time_grows_linearly_with_the_length(collection: Collection) -> None:
    def seconds(times: int) -> float:
        lines = read_lines("x", (DATA / "03-lost-headings.txt").read_bytes() * times)
        start = time.process_time()
        read_newsletter(lines, collection)
        return time.process_time() - start

    seconds(1)
    assert seconds(80) < 8 * seconds(20) + 0.5


def test_accuracy_is_measured(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "newsletters"
    folder.mkdir()
    shutil.copy(FIRST, folder)
    (folder / "other.txt").write_text("Nothing happened.", encoding="utf-8")
    (folder / "scan.pdf").write_bytes(pdf(""))
    assert measure_import.main([str(folder), "--list"], project) == 0
    printed, errors = capsys.readouterr()
    row = next(line.split() for line in printed.split("\n") if line.startswith("gull-2023-06"))
    assert row[1:5] == ["2/2", "3/5", "2/2", "2/2"]
    assert "    false: lines (27, 29), 2023-05-19, None\n" in printed
    assert errors == (f"other.txt: matches no entry that cites a newsletter\nscan.pdf: {NO_TEXT}\n")
