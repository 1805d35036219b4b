"""The workflows' own steps, run: what they ask of GitHub, what they push, what they let pass."""

from pathlib import Path

import pytest
from issue_texts import BODY, ENTRY, FORM, HOSTILE, issue
from runner import Done, Runner, step_of, workflow

PASSED = "entries/2021/2021-03-01-tide-act-passed.md"
SWELL = "---\nname: Swell\n---\nWhat remains of a storm.\n"
FILES = {
    "docs/regulators/hb.md": BODY,
    "docs/topics/swell.md": SWELL,
    "entries/2022/2022-03-04-toa-fines-harbour-over-missing-tide-tables.md": ENTRY,
}
LISTED = ["gh", "pr", "list", "--head", "issue-7", "--state", "all", "--json",
          "url,isCrossRepository", "--jq",
          "map(select(.isCrossRepository | not)) | .[0].url // empty"]  # fmt: skip
PULL = "https://github.example/shore/tides/pull/3"
TOLD = ["gh", "issue", "comment", "7", "--body",
        f"This issue has become {PULL}; what is still to be changed is changed there.",
        "--edit-last", "--create-if-none"]  # fmt: skip


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def convert(runner: Runner, body: str) -> Done:
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


def answer(runner: Runner, step: str, **answers: str | int) -> Done:
    given = {"github.event.issue.number": "7", "github.repository": "shore/tides"}
    found = {key.replace("_", " "): said for key, said in answers.items()}
    return runner.step("issue", step, given, found)


def created(body: str) -> list[str]:
    return ["gh", "pr", "create", "--head", "issue-7", "--title", "Entry from issue #7",
            "--body-file", body]  # fmt: skip


def branches(runner: Runner) -> list[str]:
    return runner.git("ls-remote", "--heads", "origin").split()[1::2]


def pushed(runner: Runner) -> dict[str, str]:
    """Path -> content of all that the pushed branch has otherwise than main."""
    runner.git("fetch", "--quiet", "origin", "issue-7")
    names = runner.git("diff", "--name-only", "main", "FETCH_HEAD").splitlines()
    return {name: runner.git("show", f"FETCH_HEAD:{name}") for name in names}


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["made", "edited"])  # GitHub sends either
def test_an_issue_becomes_a_pull_request(runner: Runner, ends: str) -> None:
    done = convert(runner, issue(FORM["development"]).replace("\n", ends))
    assert (done.status, done.printed, done.outputs) == (0, "", "status=0\n")
    done = answer(runner, "Open a pull request", gh_pr_create=PULL)
    shown = "\n\n".join(f"`{path}`\n\n```markdown\n{text}```" for path, text in FILES.items())
    said = "The check finds no error in these files. From issue #7 by @shore-clerk."
    assert done.calls == [
        LISTED,
        ["gh", "auth", "setup-git"],
        created(f"Closes #7.\n\n{said}\n\n{shown}\n"),
        TOLD,
    ]
    assert done.status == 0
    assert pushed(runner) == FILES
    assert runner.git("log", "--format=%an <%ae>, %s", "main..FETCH_HEAD") == (
        "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>, "
        "Entry from issue #7\n"
    )
    assert branches(runner) == ["refs/heads/issue-7", "refs/heads/main"]


def test_one_issue_makes_one_pull_request(runner: Runner) -> None:
    convert(runner, issue(FORM["development"]))
    done = answer(runner, "Open a pull request", gh_pr_list=PULL)
    assert (done.status, done.calls) == (0, [LISTED, TOLD])
    assert branches(runner) == ["refs/heads/main"]


def test_a_branch_without_a_pull_request_is_made_anew(runner: Runner) -> None:
    """A run that may push and not open pull requests fails, and the next makes up for it."""
    runner.git("switch", "--quiet", "-c", "other")
    (runner.clone / "docs/topics/left.md").write_text(SWELL, encoding="utf-8")
    runner.commit("left")
    runner.git("push", "--quiet", "origin", "other:issue-7")
    runner.git("switch", "--quiet", "main")
    convert(runner, issue(FORM["development"]))
    done = answer(runner, "Open a pull request", gh_pr_create=1)
    assert done.status == 1
    assert TOLD not in done.calls
    assert pushed(runner) == FILES


def test_an_issue_with_problems_is_answered(runner: Runner) -> None:
    done = convert(runner, issue(FORM["development"], {"Address": "toa"}))
    assert (done.status, done.printed, done.outputs) == (0, "", "status=1\n")
    assert runner.git("status", "--porcelain") == ""
    [[*asked, said, last, none]] = answer(runner, "Answer").calls
    assert asked == ["gh", "issue", "comment", "7", "--body-file"]
    assert (last, none) == ("--edit-last", "--create-if-none")
    assert said.startswith("The issue cannot become an entry yet:\n\n```text\n")
    assert "'url': 'toa' is not an address" in said


def test_what_is_no_development(runner: Runner) -> None:
    correction = issue(FORM["correction"], {"Entry": Path(PASSED).stem, "What is wrong": "y"})
    assert convert(runner, correction).outputs == "status=3\n"
    [[*_, said, _, _]] = answer(runner, "Answer").calls
    assert f"https://github.example/shore/tides/edit/trunk/{PASSED}" in said
    assert convert(runner, "### Hello\n\nworld").outputs == "status=3\n"
    done = answer(runner, "Answer")
    assert (done.status, done.calls) == (0, [])


# Those that speak to a shell, to git or to the runner; test_issues.py has the converter meet all.
ODD = [n for n, said in enumerate(HOSTILE) if any(c in str(said) for c in ("$", "`", "::", "git/"))]


@pytest.mark.parametrize("number", ODD)
def test_hostile(runner: Runner, number: int) -> None:
    body = issue(FORM["development"], HOSTILE[number])
    done = convert(runner, body)
    assert (done.status, done.printed) == (0, "")
    assert done.outputs in {"status=0\n", "status=1\n"}
    changed = runner.git("status", "--porcelain", "--untracked-files=all").splitlines()
    assert all(line.startswith(("?? entries/", "?? docs/")) for line in changed)
    assert not list(runner.home.rglob("owned"))
    if done.outputs == "status=0\n":
        done = answer(runner, "Open a pull request", gh_pr_create=PULL)
        assert [call[:3] for call in done.calls[1:]] == [
            ["gh", "auth", "setup-git"],
            ["gh", "pr", "create"],
            ["gh", "issue", "comment"],
        ]
        assert pushed(runner).keys() == {line[3:] for line in changed}
        assert "\n::" not in "\n" + done.printed
    assert not list(runner.home.rglob("owned"))


@pytest.mark.parametrize("place", range(3))  # of the cut, in a character of three bytes
def test_an_answer_is_cut_where_github_would_refuse_it(runner: Runner, place: int) -> None:
    topics = "\n".join(["x" * (place + 1), *(f"{'浪' * 59}{n}" for n in range(260))])
    done = convert(runner, issue(FORM["development"], {"Topics": topics}))
    assert (done.status, done.outputs) == (0, "status=1\n")
    whole, cut = ((runner.temp / f"{name}.md").read_bytes() for name in ("whole", "answer"))
    assert len(whole) > 60_000
    assert len(cut) in {59_998, 59_999, 60_000}
    assert whole.decode().startswith(cut.decode())


def test_an_issue_as_long_as_github_takes(runner: Runner) -> None:
    body = issue(FORM["development"], {"Text": "浪" * 65_000})
    assert convert(runner, body).outputs == "status=1\n"
    [[*_, said, _, _]] = answer(runner, "Answer").calls
    assert "characters; 60,000 is the most" in said


def merged(runner: Runner, changed: dict[str, str | None]) -> None:
    """Check out the merge of a pull request, as GitHub makes it: into what main is by now."""
    runner.git("switch", "--quiet", "-c", "contribution")
    for path, text in changed.items():
        file = runner.clone / path
        file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    runner.commit("contribution")
    runner.git("switch", "--quiet", "main")
    (runner.clone / "docs/topics/swell.md").write_text(SWELL, encoding="utf-8")
    runner.commit("of somebody else, meanwhile")
    runner.git("switch", "--quiet", "--detach", "main")
    runner.git("merge", "--quiet", "--no-ff", "--message", "merge", "contribution")


def told(runner: Runner) -> str:
    done = runner.step(
        "check", "Write what to tell the contributor", {"github.event.pull_request.number": "17"}
    )
    assert (done.status, done.printed, done.calls) == (0, "", [])
    assert (runner.clone / "comment/number").read_text(encoding="utf-8") == "17"
    return (runner.clone / "comment/comment.md").read_text(encoding="utf-8")


HEAD = "Made by a machine from the files of this pull request.\n\n"


def test_a_comment_on_a_bad_entry(runner: Runner) -> None:
    path = "entries/2022/2022-03-04-x.md"
    merged(runner, {path: "nothing", "README.md": "x"})
    assert told(runner) == (
        f"{HEAD}What the check says of them:\n\n```text\n"
        f"{path}:1: there is no front matter; the file must begin with a line '---'\n```\n"
    )


def test_a_comment_shows_what_this_pull_request_changes(runner: Runner) -> None:
    """Also a file that got another name; not what main got since the branch began."""
    path = "entries/2022/2022-02-01-moon-treaty.md"
    old = (runner.clone / path).read_text(encoding="utf-8")
    new = old.replace("added:", "aliases: [2022-02-01-moon-treaty]\nadded:")
    merged(runner, {path: None, path.replace("treaty", "pact"): new})
    said = told(runner)
    assert [line for line in said.splitlines() if line.startswith("### ")] == [
        "### `2022-02-01-moon-pact`"
    ]
    assert "swell" not in said


def test_a_comment_on_a_published_page_that_is_gone(runner: Runner) -> None:
    path = "docs/topics/moon.md"
    merged(runner, {path: None})
    said = told(runner)
    assert f"{path}:1: the published page is gone; put it back, since links lead to it\n" in said


def test_no_entry_is_changed(runner: Runner) -> None:
    merged(runner, {"README.md": "x"})
    assert told(runner) == f"{HEAD}It changes no entry and no vocabulary page.\n"


def posted(runner: Runner, number: bytes, text: bytes, head: str) -> Done:
    folder = runner.temp / "comment"
    folder.mkdir()
    (folder / "number").write_bytes(number)
    (folder / "comment.md").write_bytes(text)
    given = {"github.event.workflow_run.head_sha": "abc", "github.repository": "shore/tides"}
    return runner.step("comment", "Post the text as text", given, {"gh pr view": head})


VIEWED = ["gh", "pr", "view", "17", "--json", "headRefOid", "--jq", ".headRefOid"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"It changes nothing.\n", "It changes nothing.\n"),
        (
            b"@all <img src=x> ![x](y) $(touch owned) `touch owned`\n::error::x\n\0\xff end",
            "@\u200ball \u2039img src=x> [x](y) $(touch owned) `touch owned`\n::error::x\n end",
        ),
        ("公".encode() * 20_001, "公" * 20_000),
        (b"x" + "公".encode() * 20_001, "x" + "公" * 19_999),
    ],
    ids=["plain", "hostile", "long", "cut"],
)
def test_a_comment_is_posted(runner: Runner, text: bytes, shown: str) -> None:
    done = posted(runner, b"17", text, "abc")
    comment = ["gh", "pr", "comment", "17", "--body-file", shown, "--edit-last", "--create-if-none"]
    assert (done.status, done.printed, done.calls) == (0, "", [VIEWED, comment])
    assert not list(runner.home.rglob("owned"))


def test_a_comment_on_another_commit_is_not_posted(runner: Runner) -> None:
    done = posted(runner, b"17", b"x", "another")
    assert (done.status, done.printed, done.calls) == (0, "another commit\n", [VIEWED])


@pytest.mark.parametrize("number", [b"", b"x", b"17 -R a/b", b"-17", b"17\n18"])
def test_a_comment_without_a_number_is_not_posted(runner: Runner, number: bytes) -> None:
    done = posted(runner, number, b"x", "abc")
    assert (done.status, done.printed, done.calls) == (1, "no number\n", [])


LABEL = ["gh", "label", "create", "dead-links", "--description", "Sources that cannot be opened",
         "--force"]  # fmt: skip
FOUND = ["gh", "issue", "list", "--label", "dead-links", "--state", "open", "--limit", "1",
         "--json", "number", "--jq", ".[0].number // empty"]  # fmt: skip
REPORT = "1 addresses could not be opened.\n"


@pytest.mark.parametrize(
    ("status", "number", "asked"),
    [
        ("1", "", [["gh", "issue", "create", "--title", "Sources that cannot be opened",
                    "--label", "dead-links", "--body-file", REPORT]]),
        ("1", "12", [["gh", "issue", "edit", "12", "--body-file", REPORT]]),
        ("0", "12", [["gh", "issue", "close", "12", "--comment",
                      "Every source can be opened again."]]),
        ("0", "", []),
    ],
    ids=["first", "again", "mended", "none"],
)  # fmt: skip
def test_one_issue_about_dead_sources(
    runner: Runner, status: str, number: str, asked: list[list[str]]
) -> None:
    (runner.temp / "links.md").write_text(REPORT, encoding="utf-8")
    given = {"github.repository": "shore/tides", "steps.links.outputs.status": status}
    done = runner.step("links", "Keep one issue", given, {"gh issue list": number})
    assert (done.status, done.calls) == (0, [LABEL, FOUND, *asked])


def test_links_of_entries_that_cannot_be_read(runner: Runner) -> None:
    (runner.clone / PASSED).write_text("nothing", encoding="utf-8")
    done = runner.step("links", "Open every address once")
    assert (done.status, done.outputs) == (2, "")


@pytest.mark.parametrize(
    ("own", "cards", "url"),
    [("", "", "https://shore.github.io/tides/"), ("https://tides.example/", 2, None)],
)
def test_where_the_site_stands(runner: Runner, own: str, cards: str | int, url: str | None) -> None:
    """The pictures may fail; the site is built in any case."""
    given = {"vars.SITE_URL": own, "github.event.repository.default_branch || 'main'": "trunk"}
    done = runner.step("publish", "Build the site", given, {"make cards": cards})
    seen = {"SITE_URL": url or own, "EDIT_URI": "https://github.example/shore/tides/edit/trunk/"}
    assert done.calls == [["make", "cards", seen], ["make", "site", seen]]
    assert done.status == 0
    assert ("::warning::" in done.printed) == bool(cards)


def test_an_owners_own_site_stands_at_its_root(runner: Runner) -> None:
    runner.repository = "Shore/shore.github.io"
    given = {"vars.SITE_URL": "", "github.event.repository.default_branch || 'main'": "main"}
    done = runner.step("publish", "Build the site", given)
    assert done.calls[1][2]["SITE_URL"] == "https://Shore.github.io/"


def test_nothing_is_published_before_the_check() -> None:
    jobs = workflow("publish")["jobs"]
    assert jobs["deploy"]["needs"] == "build"
    steps = jobs["build"]["steps"]
    check = steps.index(step_of("publish", "Check entries and vocabulary pages"))
    uploads = [step for step in steps if "upload-pages" in step.get("uses", "")]
    assert check < min(map(steps.index, uploads))
    assert not any("if" in step or "continue-on-error" in step for step in steps)
