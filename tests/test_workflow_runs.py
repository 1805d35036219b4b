"""Runs of workflow steps: their calls to GitHub, the commits they push, the input they refuse."""

from pathlib import Path

import pytest
from conftest import edit
from issue_texts import BODY, ENTRY, FORM, HOSTILE, WARNINGS, issue
from runner import Result, Runner, step_of, workflow

pytestmark = pytest.mark.site
PASSED = "entries/2021/2021-03-01-tide-act-passed.md"
TREATY = "entries/2022/2022-02-01-moon-treaty.md"
NO_ENTRY = "the front matter is missing; the file must begin with a line '---'"
REMOVED = "the published page is missing; restore it, since links lead to it"
SWELL = "---\nname: Swell\n---\nWhat remains of a storm.\n"
FILES = {
    "docs/regulators/hb.md": BODY,
    "docs/topics/swell.md": SWELL,
    "entries/2022/2022-03-04-toa-fines-harbour-over-missing-tide-tables.md": ENTRY,
}
PULL = "https://github.example/shore/tides/pull/3"
KEEP_ONE = ["--edit-last", "--create-if-none"]
FIND_PULL = ["gh", "pr", "list", "--head", "issue-7", "--state", "all", "--json",
             "url,isCrossRepository", "--jq",
             "map(select(.isCrossRepository | not)) | .[0].url // empty"]  # fmt: skip
SET_UP = ["gh", "auth", "setup-git"]
ANNOUNCE = ["gh", "issue", "comment", "7", "--body",
            f"This issue is now {PULL}; please make further changes there.",
            *KEEP_ONE]  # fmt: skip


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    runner = Runner(tmp_path_factory.mktemp("runner"))
    runner.prepare()
    return runner


@pytest.fixture
def runner(prepared: Runner, tmp_path: Path) -> Runner:
    return prepared.copy(tmp_path / "home")


def convert(runner: Runner, body: str) -> Result:
    return runner.step(
        "issue",
        "Convert the issue",
        {
            "github.event.issue.user.login": "shore-clerk",
            "github.event.issue.created_at": "2022-03-05T23:00:00Z",
            "github.event.issue.number": "7",
            "github.event.repository.default_branch": "trunk",
        },
        event={"issue": {"body": body}},
    )


def follow_up(runner: Runner, step: str, **answers: str | int) -> Result:
    """Run a later step of the workflow; `gh_pr_list=…` is the answer to `gh pr list`."""
    given = {"github.event.issue.number": "7", "github.repository": "shore/tides"}
    by_call = {key.replace("_", " "): answer for key, answer in answers.items()}
    runner.git("clean", "--quiet", "--force", "-d", "entries", "docs")  # as a new job starts clean
    return runner.step("issue", step, given, by_call)


def branches(runner: Runner) -> list[str]:
    return runner.git("ls-remote", "--heads", "origin").split()[1::2]


def pushed(runner: Runner) -> dict[str, str]:
    """Return the files in which the pushed branch differs from main: path -> text."""
    runner.git("fetch", "--quiet", "origin", "issue-7")
    names = runner.git("diff", "--name-only", "main", "FETCH_HEAD").splitlines()
    return {name: runner.git("show", f"FETCH_HEAD:{name}") for name in names}


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["opened", "edited"])  # GitHub sends both
def test_issue_becomes_a_pull_request(runner: Runner, ends: str) -> None:
    done = convert(runner, issue(FORM["development"]).replace("\n", ends))
    assert (done.status, done.printed, done.outputs) == (0, "", "status=0\n")
    done = follow_up(runner, "Open a pull request", gh_pr_create=PULL)
    shown = "\n\n".join(f"`{path}`\n\n```markdown\n{text}```" for path, text in FILES.items())
    body = (
        "Closes #7.\n\nThe check found no errors in these files. From issue #7 by @shore-clerk.\n\n"
        f"{shown}\n\n{WARNINGS.rstrip()}\n"
    )
    create = ["gh", "pr", "create", "--head", "issue-7", "--title", "Entry from issue #7"]
    create += ["--body-file", body]
    assert (done.status, done.calls) == (0, [FIND_PULL, SET_UP, create, ANNOUNCE])
    assert pushed(runner) == FILES
    assert runner.git("log", "--format=%an <%ae>, %s", "main..FETCH_HEAD") == (
        "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>, "
        "Entry from issue #7\n"
    )
    assert branches(runner) == ["refs/heads/issue-7", "refs/heads/main"]


def test_edited_issue_keeps_its_pull_request(runner: Runner) -> None:
    convert(runner, issue(FORM["development"]))
    done = follow_up(runner, "Open a pull request", gh_pr_list=PULL)
    assert (done.status, done.calls) == (0, [FIND_PULL, ANNOUNCE])
    assert branches(runner) == ["refs/heads/main"]


def test_branch_without_a_pull_request_is_replaced(runner: Runner) -> None:
    """If a run pushed but could not open the pull request, the next run opens it."""
    runner.git("switch", "--quiet", "-c", "other")
    (runner.clone / "docs/topics/left.md").write_text(SWELL, encoding="utf-8")
    runner.commit("left")
    runner.git("push", "--quiet", "origin", "other:issue-7")
    runner.git("switch", "--quiet", "main")
    convert(runner, issue(FORM["development"]))
    done = follow_up(runner, "Open a pull request", gh_pr_create=1)
    assert done.status == 1
    assert [call[:3] for call in done.calls] == [FIND_PULL[:3], SET_UP, ["gh", "pr", "create"]]
    assert pushed(runner) == FILES


def test_issue_with_problems_is_answered(runner: Runner) -> None:
    done = convert(runner, issue(FORM["development"], {"Address": "toa"}))
    assert (done.status, done.printed, done.outputs) == (0, "", "status=1\n")
    assert runner.git("status", "--porcelain") == ""
    answer = (
        "We could not create an entry from this issue:\n\n```text\n'Address': 'toa' is not "
        "an address; it must begin with http:// or https://\n```\n\n"
        "Edit the issue to run the check again.\n"
    )
    assert follow_up(runner, "Answer").calls == [
        ["gh", "issue", "comment", "7", "--body-file", answer, *KEEP_ONE]
    ]


def test_correction_is_answered_and_other_issues_are_ignored(runner: Runner) -> None:
    correction = issue(FORM["correction"], {"Entry": Path(PASSED).stem, "What is wrong": "y"})
    assert convert(runner, correction).outputs == "status=3\n"
    [[*_, text, _, _]] = follow_up(runner, "Answer").calls
    assert f"https://github.example/shore/tides/edit/trunk/{PASSED}" in text
    assert convert(runner, "### Hello\n\nworld").outputs == "status=3\n"
    assert follow_up(runner, "Answer").calls == []


@pytest.mark.parametrize("mark", ["$(", "${{", "::stop-commands::", ".git/hooks"])
def test_hostile_issue_is_not_executed(runner: Runner, mark: str) -> None:
    """The issues target the shell, GitHub, the runner and git."""
    answers = next(one for one in HOSTILE if mark in str(one))
    done = convert(runner, issue(FORM["development"], answers))
    assert (done.status, done.printed) == (0, "")
    changed = runner.git("status", "--porcelain", "--untracked-files=all").splitlines()
    assert all(line.startswith(("?? entries/", "?? docs/")) for line in changed)
    if done.outputs == "status=0\n":
        done = follow_up(runner, "Open a pull request", gh_pr_create=PULL)
        assert [call[:3] for call in done.calls] == [
            FIND_PULL[:3], SET_UP, ["gh", "pr", "create"], ANNOUNCE[:3],
        ]  # fmt: skip
        assert pushed(runner).keys() == {line[3:] for line in changed}
        assert "::" not in done.printed
    else:
        assert done.outputs == "status=1\n"
        assert changed == []
    assert not list(runner.home.rglob("owned"))


@pytest.mark.parametrize("place", range(3))  # the cut can be within a three-byte character
def test_answer_is_cut_to_what_github_accepts(runner: Runner, place: int) -> None:
    script = f"print('x' * {place} + '浪' * 21_000)\nraise SystemExit(1)\n"
    (runner.clone / "scripts/from_issue.py").write_text(script, encoding="utf-8")
    done = convert(runner, issue(FORM["development"], {}))
    assert (done.status, done.outputs) == (0, "status=1\n")
    whole, cut = ((runner.temp / name).read_bytes() for name in ("whole.md", "made/answer.md"))
    assert cut.decode() == whole[:60_000].decode(errors="ignore")
    assert len(whole) > 60_000


def test_longest_possible_issue_is_read(runner: Runner) -> None:
    body = issue(FORM["development"], {"Text": "浪" * 65_000})
    assert convert(runner, body).outputs == "status=1\n"


def merge(runner: Runner, changed: dict[str, str | None]) -> None:
    """Check out a pull request merged into a newer main branch, as GitHub does."""
    runner.git("switch", "--quiet", "-c", "contribution")
    for path, text in changed.items():
        file = runner.clone / path
        file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    runner.commit("contribution")
    runner.git("switch", "--quiet", "main")
    (runner.clone / "docs/topics/swell.md").write_text(SWELL, encoding="utf-8")
    runner.commit("somebody else's")
    runner.git("switch", "--quiet", "--detach", "main")
    runner.git("merge", "--quiet", "--no-ff", "--message", "merge", "contribution")


def comment_on(runner: Runner, changed: dict[str, str | None]) -> str:
    """Return the comment on a pull request that changes these files, without its first line."""
    merge(runner, changed)
    done = runner.step(
        "check", "Write the comment for the contributor", {"github.event.pull_request.number": "17"}
    )
    assert (done.status, done.printed, done.calls) == (0, "", [])
    assert (runner.clone / "comment/number").read_text(encoding="utf-8") == "17"
    text = (runner.clone / "comment/comment.md").read_text(encoding="utf-8")
    head = "Generated automatically from this pull request.\n\n"
    assert text.startswith(head)
    return text.removeprefix(head)


WITHOUT_MOON = """
Statuses and key dates that change:

```text
moon-act: In force (2022-07-01) -> Unknown
removed: 2022-06-30 2022-01-10-moon-act-passed: moons are registered
removed: 2022-07-01 moon-act: takes effect
```
"""
OTHERS = "It also changes other files, which a maintainer reviews:\n\n```text\nREADME.md\n```\n\n"


def test_comment_on_a_pull_request_without_entries(runner: Runner) -> None:
    expected = f"{OTHERS}It does not change any entry or vocabulary page.\n"
    assert comment_on(runner, {"README.md": "x"}) == expected


@pytest.mark.parametrize(
    ("path", "text", "problem", "elsewhere"),
    [
        ("entries/2022/2022-03-04-x.md", "nothing", NO_ENTRY, ""),
        ("docs/topics/moon.md", None, REMOVED, WITHOUT_MOON),
    ],
    ids=["error", "removed-page"],
)
def test_comment_lists_problems(
    runner: Runner, path: str, text: str | None, problem: str, elsewhere: str
) -> None:
    """It also lists the effects of leaving out each file with an error."""
    assert comment_on(runner, {"README.md": "x", path: text}) == (
        f"{OTHERS}The check reports:\n\n```text\n{path}:1: {problem}\n```\n{elsewhere}"
    )


def test_comment_shows_only_what_the_pull_request_changes(runner: Runner) -> None:
    """This includes a renamed file, but not additions to main since the branch began."""
    text = (runner.clone / TREATY).read_text(encoding="utf-8")
    text = text.replace("added:", "aliases: [2022-02-01-moon-treaty]\nadded:")
    comment = comment_on(runner, {TREATY: None, TREATY.replace("treaty", "pact"): text})
    headings = [line for line in comment.splitlines() if line.startswith("### ")]
    assert headings == ["### `2022-02-01-moon-pact`"]
    assert "swell" not in comment


def post(runner: Runner, number: bytes, text: bytes, head: str) -> Result:
    folder = runner.temp / "comment"
    folder.mkdir()
    (folder / "number").write_bytes(number)
    (folder / "comment.md").write_bytes(text)
    given = {"github.event.workflow_run.head_sha": "abc", "github.repository": "shore/tides"}
    return runner.step("comment", "Post the comment", given, {"gh pr view": head})


NO_NUMBERS = (b"", b"x", b"17 -R a/b", b"-17", b"17\n18")
VIEW = ["gh", "pr", "view", "17", "--json", "headRefOid", "--jq", ".headRefOid"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"It changes nothing.\n", "It changes nothing.\n"),
        (
            b"@all <img src=x> !![x](y) $(touch owned) `touch owned`\n::error::\0\xffend",
            "@\u200ball \u2039img src=x> !!\u200b[x](y) $(touch owned) `touch owned`\n::error::end",
        ),
        ("公".encode() * 20_001, "公" * 20_000),
        (b"x" + "公".encode() * 20_001, "x" + "公" * 19_999),
    ],
    ids=["plain", "hostile", "long", "cut"],
)
def test_comment_is_posted_as_text(runner: Runner, text: bytes, shown: str) -> None:
    done = post(runner, b"17", text, "abc")
    comment = ["gh", "pr", "comment", "17", "--body-file", shown, *KEEP_ONE]
    assert (done.status, done.printed, done.calls) == (0, "", [VIEW, comment])
    assert not list(runner.home.rglob("owned"))


@pytest.mark.parametrize(
    ("number", "head", "expected"),
    [
        (b"17", "another", (0, "another commit\n", [VIEW])),
        *((number, "abc", (1, "no number\n", [])) for number in NO_NUMBERS),
    ],
)
def test_comment_without_a_matching_pull_request_is_not_posted(
    runner: Runner, number: bytes, head: str, expected: tuple[int, str, list[list[str]]]
) -> None:
    done = post(runner, number, b"x", head)
    assert (done.status, done.printed, done.calls) == expected


TITLE = "Sources that cannot be opened"
LABEL = ["gh", "label", "create", "dead-links", "--description", TITLE, "--force"]
FIND_ISSUE = ["gh", "issue", "list", "--label", "dead-links", "--state", "open", "--limit", "1",
              "--json", "number", "--jq", ".[0].number // empty"]  # fmt: skip
REPORT = "1 address could not be opened.\n"


@pytest.mark.parametrize(
    ("status", "number", "calls"),
    [
        ("1", "", [["gh", "issue", "create", "--title", TITLE, "--label", "dead-links",
                    "--body-file", REPORT]]),
        ("1", "12", [["gh", "issue", "edit", "12", "--body-file", REPORT]]),
        ("0", "12", [["gh", "issue", "close", "12", "--comment",
                      "All sources can be opened again."]]),
        ("0", "", []),
    ],
    ids=["first", "again", "fixed", "none"],
)  # fmt: skip
def test_there_is_one_issue_about_dead_sources(
    runner: Runner, status: str, number: str, calls: list[list[str]]
) -> None:
    (runner.temp / "links.md").write_text(REPORT, encoding="utf-8")
    given = {"github.repository": "shore/tides", "steps.links.outputs.status": status}
    done = runner.step("links", "Update the issue", given, {"gh issue list": number})
    assert (done.status, done.calls) == (0, [LABEL, FIND_ISSUE, *calls])


def test_links_of_unreadable_entries_are_not_reported(runner: Runner) -> None:
    edit(runner.clone, PASSED, "---\ntitle", "title")
    done = runner.step("links", "Open every address once")
    assert (done.status, done.outputs) == (2, "")


@pytest.mark.parametrize(
    ("own", "repository", "url"),
    [
        ("", "shore/tides", "https://shore.github.io/tides/"),
        ("", "Shore/shore.github.io", "https://Shore.github.io/"),
        ("https://tides.example/", "shore/tides", "https://tides.example/"),
    ],
    ids=["project", "own-site", "chosen"],
)
@pytest.mark.parametrize("cards", [0, 2], ids=["with-images", "without"])
def test_site_is_built_for_its_address(
    runner: Runner, own: str, repository: str, url: str, cards: int
) -> None:
    """The site is also built if the social cards cannot be drawn."""
    runner.repository = repository
    given = {"vars.SITE_URL": own, "github.event.repository.default_branch || 'main'": "trunk"}
    done = runner.step("publish", "Build the site", given, {"make cards": cards})
    settings = {"SITE_URL": url, "EDIT_URI": f"https://github.example/{repository}/edit/trunk/"}
    assert done.calls == [["make", "cards", settings], ["make", "site", settings]]
    warning = (
        "::warning::the social cards could not be drawn; the site is built without them\n"
        if cards
        else ""
    )
    assert (done.status, done.printed) == (0, warning)


def test_nothing_is_published_before_the_check() -> None:
    jobs = workflow("publish")["jobs"]
    assert jobs["deploy"]["needs"] == "build"
    steps = jobs["build"]["steps"]
    check = steps.index(step_of("publish", "Check entries and vocabulary pages"))
    uploads = [step for step in steps if "upload-pages" in step.get("uses", "")]
    assert check < min(map(steps.index, uploads))
    assert not any("if" in step or "continue-on-error" in step for step in steps)
