"""Alert rules: what a user wants to be told, how urgently and through which channel.

The file ``config/alert_rules.yaml`` is the one place where rules live. It is read strictly: an
unknown key, a rule that names a channel nobody declared, a threshold out of range, are errors that
name the file, the line, the rule and the field, because a misspelt condition would otherwise
silently alert on everything or on nothing.

The section ``channels`` is only checked for names here; what a channel's own fields mean is known
to the notifier that uses them (``resources.notifiers``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

SignalType = Literal[
    "funding_round",
    "executive_change",
    "job_posting",
    "technology_adoption",
    "expansion",
    "acquisition",
    "partnership",
    "product_launch",
    "earnings_call",
    "regulatory_filing",
    "news_mention",
    "social_signal",
]
Strength = Literal["weak", "moderate", "strong", "very_strong"]
Tier = Literal["hot", "warm", "nurture", "cold"]
Priority = Literal["critical", "high", "medium", "low"]
Operator = Literal["equals", "not_equals", "in", "not_in", "at_least", "at_most", "contains"]

#: From weakest to strongest; a rule's ``min_strength`` compares places in this order.
STRENGTH_ORDER: tuple[Strength, ...] = ("weak", "moderate", "strong", "very_strong")
#: From coldest to hottest; a tier crossing is a step to the right.
TIER_ORDER: tuple[Tier, ...] = ("cold", "nurture", "warm", "hot")
#: Most urgent first; also the order in which deliveries leave.
PRIORITY_ORDER: tuple[Priority, ...] = ("critical", "high", "medium", "low")

Score = Annotated[float, Field(ge=0, le=100)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")]


#: The file of the configuration that holds the rules.
RULES_FILE = "alert_rules.yaml"


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans, as in YAML 1.2.

    YAML 1.1 reads the key ``on`` as true, and the country code NO as false.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


class RuleError(ValueError):
    """The rules file cannot be used; the message names file, line, rule and field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Where(_Strict):
    """One further condition on any column of the signal or the lead.

    ``field`` is ``signal.<column>`` or ``lead.<column>``; a further dot reads inside a column that
    holds JSON, as in ``signal.signal_data.level``. A missing or empty value meets no condition
    except ``not_equals`` and ``not_in``.
    """

    field: str = Field(pattern=r"^(signal|lead)(\.[A-Za-z_][A-Za-z0-9_]*)+$")
    operator: Operator
    value: str | float | bool | list[str] | list[float]

    @model_validator(mode="after")
    def _value_fits(self) -> Where:
        if self.operator in ("in", "not_in") and not isinstance(self.value, list):
            raise ValueError(f"operator '{self.operator}' needs a list as value")
        if self.operator in ("at_least", "at_most") and (
            isinstance(self.value, bool) or not isinstance(self.value, int | float)
        ):
            raise ValueError(f"operator '{self.operator}' needs a number as value")
        if self.operator in ("equals", "not_equals", "contains") and isinstance(self.value, list):
            raise ValueError(f"operator '{self.operator}' takes one value, not a list")
        return self


class LeadConditions(_Strict):
    """Conditions on the company's lead; those left out are not asked. All must hold.

    Scores are 0-100. ``companies`` is a watch list of ids, domains or names (any case);
    ``industries`` and ``countries`` compare without case.
    """

    tiers: list[Tier] | None = Field(default=None, min_length=1)
    min_lead_score: Score | None = None
    min_fit_score: Score | None = None
    min_intent_score: Score | None = None
    min_probability_90d: Annotated[float, Field(ge=0, le=1)] | None = None
    companies: list[str] | None = Field(default=None, min_length=1)
    industries: list[str] | None = Field(default=None, min_length=1)
    countries: list[str] | None = Field(default=None, min_length=1)
    icp_profiles: list[str] | None = Field(default=None, min_length=1)
    where: list[Where] = []


class SignalConditions(LeadConditions):
    """Conditions on one signal, on top of those on its company's lead.

    ``max_age_days`` is counted from the day the thing happened to the evaluated day.
    """

    signal_types: list[SignalType] | None = Field(default=None, min_length=1)
    signal_subtypes: list[str] | None = Field(default=None, min_length=1)
    statuses: list[Literal["planned", "done"]] | None = Field(default=None, min_length=1)
    polarities: list[Literal["positive", "negative", "neutral"]] | None = Field(
        default=None, min_length=1
    )
    min_strength: Strength | None = None
    min_relevance: Score | None = None
    min_urgency: Score | None = None
    min_impact: Score | None = None
    min_confidence: Score | None = None
    max_age_days: int = Field(default=14, ge=0, le=3650)


class ChangeConditions(LeadConditions):
    """Conditions on how a lead moved since the score before.

    ``crossed_into`` asks for a step up into one of these tiers; ``min_score_change`` for at least
    so many points gained; ``discovered`` for a company that became a discovery today
    (``leads.discoveries``). At least one of them must be given. A lead that was never scored before
    counts as coming from below all tiers and from score 0 when ``include_new`` is true; else it
    cannot have moved. ``max_age_days`` limits the age of the signals shown as reasons.
    """

    crossed_into: list[Tier] | None = Field(default=None, min_length=1)
    min_score_change: Annotated[float, Field(gt=0, le=100)] | None = None
    discovered: Literal[True] | None = None
    include_new: bool = True
    max_age_days: int = Field(default=90, ge=0, le=3650)

    @model_validator(mode="after")
    def _something_asked(self) -> ChangeConditions:
        if self.crossed_into is None and self.min_score_change is None and not self.discovered:
            raise ValueError(
                "give crossed_into, min_score_change or discovered, else every lead would match"
            )
        if any(where.field.startswith("signal.") for where in self.where):
            raise ValueError("where: a rule on leads has no signal; use lead.<column>")
        return self


class _Rule(_Strict):
    id: Identifier
    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    enabled: bool = True
    priority: Priority = "medium"
    response_sla_minutes: int = Field(
        default=1440, ge=1, description="How soon somebody should have acted, from the alert on."
    )
    escalate_after_minutes: int | None = Field(
        default=None, ge=1, description="When the alert should go to somebody else; null: never."
    )
    channels: list[Identifier] = Field(min_length=1)
    recipients: list[str] = []
    cooldown_days: int = Field(
        default=0, ge=0, description="Quiet days per company and rule after an alert; 0: none."
    )
    digest_above: int | None = Field(
        default=None,
        ge=0,
        description="So many new alerts of one evaluation go out one by one, the best first; the "
        "rest together in one digest. Null: all one by one.",
    )

    @model_validator(mode="after")
    def _escalation_after_sla(self) -> _Rule:
        after = self.escalate_after_minutes
        if after is not None and after < self.response_sla_minutes:
            raise ValueError(
                f"escalate_after_minutes ({after}) is before response_sla_minutes "
                f"({self.response_sla_minutes})"
            )
        return self


class SignalRule(_Rule):
    """A rule that alerts on single signals."""

    on: Literal["signal"]
    conditions: SignalConditions = SignalConditions()


class LeadRule(_Rule):
    """A rule that alerts on a lead's movement."""

    on: Literal["lead"]
    conditions: ChangeConditions


AlertRule = Annotated[SignalRule | LeadRule, Field(discriminator="on")]


class RetrySettings(_Strict):
    """How a failed delivery is tried again: ``first_delay`` doubling up to ``max_delay``."""

    max_attempts: int = Field(default=8, ge=1, le=100)
    first_delay_seconds: float = Field(default=60, gt=0)
    max_delay_seconds: float = Field(default=6 * 3600, gt=0)
    lease_seconds: float = Field(
        default=300,
        ge=10,
        description="How long a process may take for one delivery before another takes it over.",
    )


class AlertConfig(_Strict):
    """The whole rules file."""

    version: Literal[1]
    channels: dict[Identifier, dict[str, Any]] = Field(min_length=1)
    retry: RetrySettings = RetrySettings()
    rules: list[AlertRule]

    @field_validator("channels")
    @classmethod
    def _typed(cls, channels: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, channel in channels.items():
            if not isinstance(channel.get("type"), str):
                raise ValueError(f"channel '{name}' has no type")
        return channels

    @property
    def enabled_rules(self) -> list[SignalRule | LeadRule]:
        """Rules that are switched on, in the order of the file."""
        return [rule for rule in self.rules if rule.enabled]


def load_rules(path: Path) -> AlertConfig:
    """Read and check a rules file.

    Raises ``RuleError`` with one line per fault, each naming file, line, rule and field.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    return parse_rules(text, str(path))


def parse_rules(text: str, file: str) -> AlertConfig:
    """Check the text of a rules file; ``file`` is the name used in errors.

    Raises ``RuleError`` as ``load_rules`` does.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise RuleError(f"{file}{line}: not valid YAML: {problem}") from error
    if not isinstance(document, dict):
        raise RuleError(f"{file}: expected the keys version, channels and rules")
    faults = [
        f"{file}:{line}: the key '{key}' is given twice" for key, line in _repeated_keys(root)
    ]
    try:
        config = AlertConfig.model_validate(document)
    except ValidationError as error:
        for item in error.errors():
            faults.append(_describe(item["loc"], item["msg"], item["input"], document, root, file))
        raise RuleError("\n".join(faults)) from error
    faults.extend(_cross_check(config, root, file))
    if faults:
        raise RuleError("\n".join(faults))
    return config


def _cross_check(config: AlertConfig, root: yaml.Node, file: str) -> list[str]:
    faults = []
    seen: set[str] = set()
    for index, rule in enumerate(config.rules):
        line = _line(root, ("rules", index))
        if rule.id in seen:
            faults.append(f"{file}:{line}: rule '{rule.id}', field id: used by an earlier rule")
        seen.add(rule.id)
        for channel in rule.channels:
            if channel not in config.channels:
                line = _line(root, ("rules", index, "channels"))
                faults.append(
                    f"{file}:{line}: rule '{rule.id}', field channels: '{channel}' is not declared "
                    f"under channels (there are: {', '.join(sorted(config.channels))})"
                )
    return faults


def _describe(
    loc: tuple[int | str, ...], message: str, value: object, document: Any, root: Any, file: str
) -> str:
    # A discriminated union puts the tag ("signal") into the path; the file has no such key.
    steps: list[int | str] = []
    node: Any = document
    for step in loc:
        if isinstance(node, dict) and step not in node and step in ("signal", "lead"):
            continue
        steps.append(step)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
    where = f"{file}:{_line(root, tuple(steps))}"
    message = re.sub(r"^Value error, ", "", message)
    if isinstance(value, str | int | float) and "given" not in message:
        message = f"{message} (given: {value!r})"
    if len(steps) >= 2 and steps[0] == "rules" and isinstance(steps[1], int):
        rule = document["rules"][steps[1]]
        name = rule.get("id") if isinstance(rule, dict) else None
        label = f"rule '{name}'" if name else f"rule number {steps[1] + 1}"
        field = ".".join(str(step) for step in steps[2:]) or "(the rule)"
        return f"{where}: {label}, field {field}: {message}"
    field = ".".join(str(step) for step in steps) or "(the file)"
    return f"{where}: field {field}: {message}"


def _line(root: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Line (from 1) of the deepest part of ``loc`` that the file really has."""
    node = root
    line = (root.start_mark.line + 1) if root else 1
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _repeated_keys(node: yaml.Node | None) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                found.append((key.value, key.start_mark.line + 1))
            seen.add(key.value)
            found.extend(_repeated_keys(value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found.extend(_repeated_keys(value))
    return found
