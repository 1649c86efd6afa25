"""The rules file is read strictly and its errors say where to look."""

from __future__ import annotations

from pathlib import Path

import pytest

from activation.rules import LeadRule, RuleError, SignalRule, load_rules, parse_rules

CONFIG = Path(__file__).resolve().parents[3] / "config" / "alert_rules.yaml"

GOOD = """\
version: 1
channels:
  inbox: {type: inbox}
rules:
  - id: funding
    name: Funding
    description: A round.
    on: signal
    conditions:
      signal_types: [funding_round]
      min_strength: strong
    channels: [inbox]
  - id: became_hot
    name: Became hot
    description: A step up.
    on: lead
    conditions:
      crossed_into: [hot]
    channels: [inbox]
"""


def fault(text: str) -> str:
    with pytest.raises(RuleError) as error:
        parse_rules(text, "alert_rules.yaml")
    return str(error.value)


def test_good_rules_are_typed():
    config = parse_rules(GOOD, "alert_rules.yaml")
    funding, hot = config.rules
    assert isinstance(funding, SignalRule)
    assert funding.conditions.signal_types == ["funding_round"]
    assert funding.conditions.max_age_days == 14
    assert isinstance(hot, LeadRule)
    assert hot.conditions.crossed_into == ["hot"]
    assert config.retry.max_attempts == 8


def test_shipped_rules_are_valid_and_speak_through_the_inbox():
    config = load_rules(CONFIG)
    assert [rule.id for rule in config.enabled_rules] == [
        "hot_lead_very_strong_signal",
        "funding_round_at_icp_company",
        "new_decision_maker_at_warm_lead",
        "lead_became_hot",
        "company_discovered",
    ]
    assert all("inbox" in rule.channels for rule in config.rules)
    assert all(rule.digest_above is not None for rule in config.rules)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "min_strength: strong",
            "min_strenght: strong",
            "alert_rules.yaml:11: rule 'funding', field conditions.min_strenght: Extra inputs",
        ),
        (
            "min_strength: strong",
            "min_strength: huge",
            "alert_rules.yaml:11: rule 'funding', field conditions.min_strength: Input should be",
        ),
        (
            "min_strength: strong",
            "min_confidence: 101",
            "alert_rules.yaml:11: rule 'funding', field conditions.min_confidence: Input should",
        ),
        (
            "[funding_round]",
            "[funding_rond]",
            "alert_rules.yaml:10: rule 'funding', field conditions.signal_types.0: Input should",
        ),
        (
            "    channels: [inbox]\n  - id",
            "    channels: [pager]\n  - id",
            "alert_rules.yaml:12: rule 'funding', field channels: 'pager' is not declared",
        ),
        (
            "      crossed_into: [hot]",
            "      tiers: [hot]",
            "alert_rules.yaml:17: rule 'became_hot', field conditions: give crossed_into",
        ),
        ("id: became_hot", "id: funding", "rule 'funding', field id: used by an earlier rule"),
        ("    on: signal\n", "", "alert_rules.yaml:5: rule 'funding', field (the rule): Unable"),
        ("version: 1", "version: 2", "alert_rules.yaml:1: field version: Input should be 1"),
        (
            "channels:\n  inbox: {type: inbox}",
            "channels:\n  inbox: {}",
            "field channels: channel 'inbox' has no type",
        ),
        (
            "    name: Funding\n",
            "    name: Funding\n    name: Money\n",
            "alert_rules.yaml:7: the key 'name' is given twice",
        ),
        (
            "    channels: [inbox]\n  - id",
            "    channels: [inbox]\n    escalate_after_minutes: 10\n  - id",
            "escalate_after_minutes (10) is before response_sla_minutes (1440)",
        ),
        (
            "min_strength: strong",
            "where: [{field: signal.signal_data.amount_usd, operator: at_least, value: much}]",
            "field conditions.where.0: operator 'at_least' needs a number",
        ),
    ],
)
def test_a_fault_names_file_line_rule_and_field(old: str, new: str, expected: str):
    assert old in GOOD
    assert expected in fault(GOOD.replace(old, new, 1))


def test_every_fault_is_reported_at_once():
    text = GOOD.replace("min_strength: strong", "min_strength: huge").replace("[hot]", "[boiling]")
    assert len(fault(text).splitlines()) == 2


def test_text_that_is_not_yaml_names_the_line():
    assert fault("version: 1\nrules: [\n").startswith("alert_rules.yaml:3: not valid YAML")
    assert "expected the keys version" in fault("- just\n- a list\n")
    assert "expected the keys version" in fault("")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(RuleError, match=r"absent\.yaml: cannot be read"):
        load_rules(tmp_path / "absent.yaml")


def test_a_rule_on_leads_may_not_ask_about_a_signal():
    text = GOOD.replace(
        "crossed_into: [hot]",
        "crossed_into: [hot]\n      where: [{field: signal.title, operator: contains, value: x}]",
    )
    assert "a rule on leads has no signal" in fault(text)
