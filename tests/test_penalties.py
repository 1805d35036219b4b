"""Penalties: the rows of the table and their totals."""

from pathlib import Path

import pytest
from conftest import WORLD
from in_memory import add_entry, collection_of
from timeline.analysis.penalties import (
    Total,
    in_scope,
    largest,
    main_currency,
    penalty_rows,
    totals_by_body,
    totals_by_year,
)

FINE = "measure: administrative-fine"


def fine(world: Path, name: str, *penalties: str, **keys: str) -> None:
    listed = ", ".join(f"{{party: Pier {n}, {one}}}" for n, one in enumerate(penalties, start=1))
    add_entry(world, name, type="enforcement", penalties=f"[{listed}]", **keys)


@pytest.fixture
def fined(world: Path) -> Path:
    """The world with penalties of another year and of further kinds and currencies."""
    fine(
        world,
        "2021-12-31-piers-fined",
        f"{FINE}, amount: 7, currency: USD",
        f"{FINE}, amount: 100.25, currency: EUR",
        FINE,
        "measure: damages, amount: 303, currency: CNY",
        "measure: confiscation, amount: 5, currency: CNY",
        "measure: suspension",
        regulators="[toa, shore-court]",
        aliases="[2021-12-31-former]",
    )
    return world


def test_rows_are_listed_newest_first_with_permanent_names(fined: Path) -> None:
    assert [row.name for row in penalty_rows(collection_of(fined))] == [
        "2022-02-17-shore-court-judgment.south-harbour-ltd.damages",
        "2022-02-17-shore-court-judgment.south-harbour-ltd.criminal-fine",
        "2022-02-10-lantern-maker-penalised.bright-lanterns-ltd.administrative-fine",
        "2022-02-10-lantern-maker-penalised.bright-lanterns-ltd.administrative-fine.2",
        "2022-02-10-east-harbour-fined.east-harbour-ltd.administrative-fine",
        "2022-02-10-east-harbour-fined.east-harbour-ltd.confiscation",
        "2022-02-03-south-harbour-fined.south-harbour-ltd.administrative-fine",
        "2022-02-03-south-harbour-fined.south-harbour-ltd.warning",
        "2021-12-31-former.pier-1.administrative-fine",
        "2021-12-31-former.pier-2.administrative-fine",
        "2021-12-31-former.pier-3.administrative-fine",
        "2021-12-31-former.pier-4.damages",
        "2021-12-31-former.pier-5.confiscation",
        "2021-12-31-former.pier-6.suspension",
    ]


def test_name_of_a_row_does_not_contain_the_chinese_name_of_its_party(world: Path) -> None:
    add_entry(world, "2022-02-20-x", penalties="[{party: Pier (北) (码头公司), measure: warning}]")
    assert penalty_rows(collection_of(world))[0].name == "2022-02-20-x.pier.warning"


def described(total: Total) -> str:
    """Return a total's group, measure, amount, count and number of undisclosed amounts."""
    return (
        f"{total.group} {total.measure}: {total.currency} {total.amount} of {total.count}, "
        f"undisclosed {total.undisclosed}"
    )


def test_totals_are_for_one_year_one_measure_and_one_currency(fined: Path) -> None:
    rows = penalty_rows(collection_of(fined))
    assert [described(total) for total in totals_by_year(rows)] == [
        "2022 administrative-fine: CNY 33345.5 of 3, undisclosed 0",
        "2022 administrative-fine: EUR 500 of 1, undisclosed 0",
        "2022 criminal-fine: CNY 700 of 1, undisclosed 0",
        "2022 damages: CNY 300 of 1, undisclosed 0",
        "2021 administrative-fine: EUR 100.25 of 1, undisclosed 1",
        "2021 administrative-fine: USD 7 of 1, undisclosed 1",
        "2021 confiscation: CNY 5 of 1, undisclosed 0",
        "2021 damages: CNY 303 of 1, undisclosed 0",
    ]


def test_totals_by_regulator_start_with_the_main_currency_and_the_highest(fined: Path) -> None:
    """Joint penalties count for each body, but measures reserved to courts only for the court."""
    rows = penalty_rows(collection_of(fined))
    assert [described(total) for total in totals_by_body(rows)] == [
        "toa administrative-fine: CNY 33345.5 of 3, undisclosed 1",
        "shore-court criminal-fine: CNY 700 of 1, undisclosed 0",
        "shore-court damages: CNY 603 of 2, undisclosed 0",
        "shore-court confiscation: CNY 5 of 1, undisclosed 0",
        "toa confiscation: CNY 5 of 1, undisclosed 1",
        "toa administrative-fine: EUR 600.25 of 2, undisclosed 1",
        "north-toa administrative-fine: EUR 500 of 1, undisclosed 0",
        "shore-court administrative-fine: EUR 100.25 of 1, undisclosed 1",
        "shore-court administrative-fine: USD 7 of 1, undisclosed 1",
        "toa administrative-fine: USD 7 of 1, undisclosed 1",
    ]


def judged(world: Path, measure: str, body: str, **keys: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether the penalty is judicial, and the bodies that imposed it."""
    add_entry(
        world, "2022-02-20-x", penalties=f"[{{party: A, {measure}}}]", regulators=body, **keys
    )
    row = next(r for r in penalty_rows(collection_of(world)) if r.entry.id == "2022-02-20-x")
    return row.is_judicial, row.bodies


@pytest.mark.parametrize(
    ("measure", "regulators", "expected"),
    [
        (FINE, "[toa]", (False, ("toa",))),
        (FINE, "[toa, shore-court]", (False, ("toa", "shore-court"))),
        (FINE, "[shore-court]", (True, ("shore-court",))),
        (f"{FINE}, imposed_by: north-toa", "[toa]", (False, ("north-toa",))),
        (f"{FINE}, imposed_by: shore-court", "[toa]", (True, ("shore-court",))),
        ("measure: criminal-fine", "[toa]", (True, ())),  # by an unnamed court
        ("measure: damages", "[toa, shore-court]", (True, ("shore-court",))),
        (FINE, "[]", (False, ())),
    ],
)
def test_judicial_and_administrative_penalties_are_distinguished(
    world: Path, measure: str, regulators: str, expected: tuple[bool, tuple[str, ...]]
) -> None:
    assert judged(world, measure, regulators) == expected


def test_penalty_of_a_court_and_a_procuratorate_is_judicial(world: Path) -> None:
    page = "---\nname: Shore Prosecutor\nkind: procuratorate\n---\nIt prosecutes.\n"
    (world / "docs/regulators/shore-prosecutor.md").write_text(page, encoding="utf-8")
    bodies = "[shore-court, shore-prosecutor]"
    assert judged(world, FINE, bodies) == (True, ("shore-court",))


def test_amount_counts_for_each_of_several_parties(world: Path) -> None:
    """Penalties outside the scope of the site are not counted."""
    several = f"{FINE}, amount: 1000000, currency: CNY, count: 2, approximate: true"
    fine(world, "2020-02-20-managers-fined", several, f"{FINE}, amount: 5, currency: CNY")
    fine(world, "2020-02-21-other", f"{FINE}, amount: 9999999, currency: CNY", outside_scope="true")
    rows = in_scope(penalty_rows(collection_of(world)))
    (total,) = [total for total in totals_by_year(rows) if total.group == "2020"]
    assert described(total) == "2020 administrative-fine: CNY 2000005 of 3, undisclosed 0"
    assert total.approximate
    assert [row.entry.id for row in largest(rows, "CNY")][:2] == [
        "2020-02-20-managers-fined",
        "2022-02-10-lantern-maker-penalised",
    ]


def test_largest_are_ten_administrative_penalties_in_one_currency(world: Path) -> None:
    fine(world, "2022-02-20-a", *(f"{FINE}, amount: {n}, currency: USD" for n in range(1, 13)))
    fine(world, "2022-02-21-b", f"{FINE}, amount: 99, currency: EUR")
    fine(world, "2022-02-22-c", f"{FINE}, amount: 99, currency: USD", regulators="[shore-court]")
    found = largest(penalty_rows(collection_of(world)), "USD")
    assert [row.penalty.amount for row in found] == list(range(12, 2, -1))


@pytest.mark.parametrize(
    ("amounts", "currency"),
    [
        (["USD"], "CNY"),  # the world has five amounts in CNY and one in EUR
        (["USD"] * 6, "USD"),
        (["ALL"] * 5, "ALL"),  # alphabetically first of equally frequent ones
        (["USD"] * 5, "CNY"),
    ],
)
def test_main_currency_is_the_most_frequent(world: Path, amounts: list[str], currency: str) -> None:
    penalties = (f"{FINE}, amount: 1, currency: {one}" for one in amounts)
    fine(world, "2022-02-20-piers-fined", *penalties)
    assert main_currency(penalty_rows(collection_of(world))) == currency


def test_without_penalties_there_is_no_currency() -> None:
    rows = penalty_rows(collection_of(WORLD))
    assert main_currency(rows[-1:]) == ""  # only a warning
    assert (totals_by_year(rows[-1:]), totals_by_body(())) == ((), ())
