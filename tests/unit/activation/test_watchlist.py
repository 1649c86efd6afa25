"""The watchlist: what counts as a movement, and that it is told once."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from activation.rules import RuleError
from activation.watchlist import (
    Watched,
    entry,
    last_movement,
    load_watchlist,
    matches,
    movements,
    watch_alerts,
)
from tests.unit.activation.rows import NOW, TODAY, lead

START = TODAY - timedelta(days=4)


def watched(**changes: object) -> Watched:
    return Watched.model_validate({"company": "c1.example", "since": START, **changes})


def history(*scores: tuple[float, str], company_id: str = "c1") -> list[dict]:
    """Scores of one lead, the last of them today's."""
    first = TODAY - timedelta(days=len(scores) - 1)
    return [
        {
            "organisation_id": "default",
            "icp_profile_id": "default",
            "company_id": company_id,
            "as_of": first + timedelta(days=number),
            "lead_score": Decimal(str(score)),
            "tier": tier,
        }
        for number, (score, tier) in enumerate(scores)
    ]


def told(*scores: tuple[float, str], **changes: object) -> tuple[float, float, date] | None:
    found = last_movement(watched(**changes), history(*scores))
    return found and (
        float(found[0]["lead_score"]),
        float(found[1]["lead_score"]),
        found[1]["as_of"],
    )


def test_a_movement_is_measured_from_the_score_told_last():
    # 50 -> 58 -> 61 adds up to 11; 61 -> 52 is 9, not yet; 51 is 10 below.
    assert told((50, "n"), (58, "n"), (61, "n")) == (50, 61, TODAY)
    assert told((50, "n"), (58, "n"), (61, "n"), (52, "n")) == (50, 61, TODAY - timedelta(days=1))
    assert told((50, "n"), (58, "n"), (61, "n"), (52, "n"), (51, "n")) == (61, 51, TODAY)


def test_a_crossed_tier_is_told_either_way_unless_switched_off():
    assert told((59, "nurture"), (60, "warm")) == (59, 60, TODAY)
    assert told((60, "warm"), (59, "nurture")) == (60, 59, TODAY)
    assert told((59, "nurture"), (60, "warm"), on_tier=False) is None


def test_what_moved_before_the_mark_is_not_told():
    scores = [(20, "n"), (40, "n"), (60, "n")]
    assert told(*scores, since=TODAY) is None
    assert told(*scores, since=TODAY - timedelta(days=1)) == (40, 60, TODAY)


def test_only_today_is_told_and_a_second_look_gives_the_same():
    leads = [lead(), lead("c2")]
    rows = history((50, "nurture"), (84, "hot"))
    rows += history((1, "cold"), (99, "hot"), company_id="c2")
    looks = [movements([watched()], leads, rows, TODAY) for _ in range(2)]
    assert [[m.now["company_id"] for m in look] for look in looks] == [["c1"], ["c1"]]
    assert movements([watched()], leads, history((50, "n"), (84, "n"), (85, "n")), TODAY) == []


def test_an_alert_of_the_watchlist_says_how_far_and_in_which_direction():
    rows = history((84, "hot"), (70.9, "warm"))
    [alert] = watch_alerts(
        [watched(note="asked in spring")],
        [lead(lead_score=70.9, tier="warm")],
        [],
        rows,
        TODAY,
        NOW,
    )
    assert alert.title == "Company c1 fell to warm: 84 → 70"
    assert (alert.rule_id, alert.subject) == ("watchlist", f"c1@{TODAY}")
    assert (alert.previous_score, alert.lead_score, alert.channels) == (84.0, 70.9, ("inbox",))


def test_a_mark_means_a_company_by_name_domain_or_id_and_its_own_organisation():
    for name in ("company C1", "C1.example", "c1"):
        assert matches(watched(company=name), lead())
    assert not matches(watched(company="company"), lead())
    assert not matches(watched(organisation_id="other"), lead())
    assert not matches(watched(icp_profile_id="small"), lead())


def test_a_written_entry_is_read_back(tmp_path: Path):
    path = tmp_path / "watchlist.yaml"
    assert load_watchlist(path, ["inbox"]) == []
    path.write_text("# nothing yet\n", "utf-8")
    assert load_watchlist(path, ["inbox"]) == []
    mark = watched(note="größer: als gedacht", min_change=5)
    path.write_text(path.read_text("utf-8") + "\n" + entry(mark), "utf-8")
    assert load_watchlist(path, ["inbox"]) == [mark]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- company: a\n", "entry 1, field since: Field required"),
        ("- {company: a, since: 2026-01-01, min_chnge: 3}", "field min_chnge: Extra inputs"),
        ("- {company: a, since: 2026-01-01, channels: [fax]}", "'fax' is not declared"),
        ("company: a", "entry .whole file."),
        ("- [", "not valid YAML"),
    ],
)
def test_a_watchlist_that_cannot_be_used_says_what_to_change(tmp_path: Path, text: str, said: str):
    path = tmp_path / "watchlist.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError, match=said):
        load_watchlist(path, ["inbox", "chat"])
