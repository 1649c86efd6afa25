"""Ideal customer profiles as files: what is accepted, what is refused and in which words."""

import json
from pathlib import Path

import pytest
import yaml

from resources.config_errors import ConfigurationError
from resources.icp import SCORE_RULES, check_versions, icp_table, load_icp_profiles

SMALLEST = {
    "icp_profile_id": "small",
    "name": "Small",
    "is_default": True,
    "industries": ["Retail"],
}


def write(folder: Path, name: str = "small.yaml", **changes: object) -> Path:
    (folder / name).write_text(yaml.safe_dump({**SMALLEST, **changes}), "utf-8")
    return folder


def test_every_component_gives_a_hundred_points_by_default():
    assert {component: sum(rules.values()) for component, rules in SCORE_RULES.items()} == {
        "intent": 100,
        "fit": 100,
        "accessibility": 100,
    }


def test_a_profile_in_json_with_camel_case_and_no_id_is_named_after_its_file(tmp_path):
    profile = {
        "isDefault": True,
        "industries": ["SaaS"],
        "companySizeMin": 50,
        "companySizeMax": 500,
        "fundingStages": ["Series A"],
        "techStack": {"mustHave": ["AWS"], "niceToHave": ["Python"], "avoid": []},
        "geographies": ["US"],
        "decisionMakers": {"titles": ["CTO"], "departments": ["Engineering"]},
        "signals": {"recentFunding": True, "activelyHiring": True, "techStackChange": False},
    }
    (tmp_path / "mid_market.json").write_text(json.dumps(profile), "utf-8")
    [found] = load_icp_profiles(tmp_path)
    assert (found.icp_profile_id, found.name) == ("mid_market", "mid_market")
    assert (found.company_size_min, found.tech_stack.must_have) == (50, ["AWS"])
    assert (found.signals.tech_stack_change, found.signals.leadership_change) == (False, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scoring": {"points": {"contract_renewal": 20}}}, "intent come to 120, more than 100"),
        (
            {"scoring": {"points": {"moonlight": 5}}},
            "no rule 'moonlight'; there are competitor_in_use",
        ),
        ({"scoring": {"points": {"phone": -1}}}, "phone must be from 0 to 100"),
        ({"scoring": {"weights": {"intent": 0.5}}}, "weights are 1.1 together: they must be 1"),
        ({"renewal": {"term_months": 0}}, "renewal.term_months"),
        ({"company_size_min": 9, "company_size_max": 3}, "swap or correct them"),
        ({"tech_stack": {"mustHave": "AWS"}}, "tech_stack.must_have"),
        ({"industries": ["naics:5x"]}, "'naics:5x' is no NAICS code"),
        ({"industry": ["Retail"]}, "industry: Extra inputs"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_its_remedy(tmp_path, changes, said):
    write(tmp_path, **changes)
    with pytest.raises(ConfigurationError, match=said) as raised:
        load_icp_profiles(tmp_path)
    assert "small.yaml" in str(raised.value)


def test_points_that_one_rule_gains_and_others_lose_are_accepted(tmp_path):
    points = {"contract_renewal": 20, "technology_change": 10, "industry_growth": 0}
    [found] = load_icp_profiles(write(tmp_path, scoring={"points": points}))
    assert found.scoring.points == points


def test_a_changed_profile_needs_a_new_version(tmp_path):
    before = icp_table(load_icp_profiles(write(tmp_path, version=3)))
    check_versions(tmp_path, load_icp_profiles(tmp_path), before)

    renamed = load_icp_profiles(write(tmp_path, version=3, name="Another name"))
    check_versions(tmp_path, renamed, before)

    changed = load_icp_profiles(write(tmp_path, version=3, industries=["Energy"]))
    with pytest.raises(ConfigurationError, match="set `version: 4`"):
        check_versions(tmp_path, changed, before)

    raised = load_icp_profiles(write(tmp_path, version=4, industries=["Energy"]))
    check_versions(tmp_path, raised, before)
    back = load_icp_profiles(write(tmp_path, version=2))
    with pytest.raises(ConfigurationError, match="set `version: 4`"):
        check_versions(tmp_path, back, before)


def test_a_field_that_older_exports_did_not_have_is_no_change(tmp_path):
    profiles = load_icp_profiles(write(tmp_path))
    table = icp_table(profiles)
    config = json.loads(table.column("config")[0].as_py())
    del config["scoring"], config["renewal"]
    old = table.set_column(
        table.schema.get_field_index("config"), table.schema.field("config"), [[json.dumps(config)]]
    )
    check_versions(tmp_path, profiles, old)
