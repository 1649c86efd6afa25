"""Ideal customer profiles (ICPs) as the user writes them in ``config/icp/*.yaml``.

A profile is validated here and exported to ``reference/icp_profiles`` for SQL; it is never copied
into code. Several profiles may exist for an organisation, exactly one of them the default. Keys may
be written ``like_this`` or ``likeThis``, in YAML or JSON.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from resources.config_errors import ConfigurationError
from resources.config_files import read_yaml, validated

ICP_PROFILES = pa.schema(
    [
        pa.field("organisation_id", pa.string(), nullable=False),
        pa.field("icp_profile_id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("is_default", pa.bool_(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("config", pa.string(), nullable=False),
    ]
)


#: Fields that stand in columns of their own.
IDENTITY = frozenset({"organisation_id", "icp_profile_id", "name", "is_default", "version"})

#: Rules of the lead score by component, each with its default points: those of the warehouse's
#: seed ``lead_score_rules``, which a test compares. 0 points: off until a profile turns it on.
SCORE_RULES: dict[str, dict[str, int]] = {
    "intent": {
        "recent_funding": 30,
        "relevant_hiring": 25,
        "technology_change": 20,
        "leadership_change": 15,
        "industry_growth": 10,
        "growth_trend": 0,
        "contract_renewal": 0,
    },
    "fit": {
        "industry_match": 25,
        "size_match": 25,
        "technology_match": 20,
        "geography_match": 15,
        "complementary_tools": 15,
        "competitor_in_use": 0,
    },
    "accessibility": {
        "direct_email": 30,
        "linkedin_profile": 25,
        "phone": 20,
        "several_contacts": 15,
        "earlier_interaction": 10,
    },
}


#: What may be sold, and the markets by headcount that buy it.
SolutionCategory = Literal[
    "any", "revenue_technology", "marketing_technology", "customer_support", "data_platform",
    "developer_tools", "security", "it_infrastructure", "finance_technology", "hr_technology",
    "procurement_technology", "collaboration",
]  # fmt: skip
Market = Literal["small", "smb", "mid_market", "large", "enterprise"]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        loc_by_alias=False,
    )


class TechStack(_Strict):
    """Technologies by any of their names."""

    must_have: list[str] = []
    nice_to_have: list[str] = []
    avoid: list[str] = []


class DecisionMakers(_Strict):
    """Whom the seller talks to; also decides which postings are hiring in relevant roles."""

    titles: list[str] = []
    departments: list[str] = []


class WantedSignals(_Strict):
    """Which intent signals earn points under this profile."""

    recent_funding: bool = True
    actively_hiring: bool = True
    tech_stack_change: bool = True
    leadership_change: bool = True
    industry_growth: bool = True


class Renewal(_Strict):
    """How a competitor's contract is assumed to run, for the rule ``contract_renewal``.

    A contract begins when the product is first seen in use and renews every ``term_months``; the
    season opens ``window_days`` before.
    """

    term_months: int = Field(default=12, ge=1, le=120)
    window_days: int = Field(default=90, ge=1, le=366)


class Seller(_Strict):
    """What the profile's seller offers, and to companies of which size; decides buying groups.

    ``solution_category`` and ``target_market`` are those of the warehouse's seeds
    ``solution_departments`` and ``buying_group_sizes``, which a test compares.
    """

    solution_category: SolutionCategory = "any"
    target_market: Market | None = None


class Weights(_Strict):
    """Shares of the three components in the lead score; together 1."""

    intent: float = Field(default=0.40, ge=0, le=1)
    fit: float = Field(default=0.35, ge=0, le=1)
    accessibility: float = Field(default=0.25, ge=0, le=1)

    @model_validator(mode="after")
    def _whole(self) -> Weights:
        total = self.intent + self.fit + self.accessibility
        if abs(total - 1) > 1e-9:
            raise ValueError(f"weights are {total:g} together: they must be 1")
        return self


class Scoring(_Strict):
    """What differs from the default formula: weights of components, points of rules.

    A component may give 100 points in all: what one rule gains, others must lose.
    """

    weights: Weights = Weights()
    points: dict[str, int] = {}

    @model_validator(mode="after")
    def _within_bounds(self) -> Scoring:
        known = {rule for rules in SCORE_RULES.values() for rule in rules}
        if unknown := sorted(set(self.points) - known):
            raise ValueError(
                f"points: no rule {unknown[0]!r}; there are {', '.join(sorted(known))}"
            )
        for component, rules in SCORE_RULES.items():
            points = {rule: self.points.get(rule, default) for rule, default in rules.items()}
            if wrong := [rule for rule, value in points.items() if not 0 <= value <= 100]:
                raise ValueError(f"points: {wrong[0]} must be from 0 to 100")
            if (total := sum(points.values())) > 100:
                raise ValueError(
                    f"points: the rules of {component} come to {total}, more than 100: "
                    f"take {total - 100} from others ({points})"
                )
        return self


class IcpProfile(_Strict):
    """One ideal customer profile of one organisation.

    ``version`` is raised by the user with each change, so that an old score keeps its reason.
    Company sizes are head counts; geographies are names or ISO codes of countries, or regions;
    industries are names or codes of NAICS 2022 (``naics:51`` means all that begin with 51);
    ``competitors`` are technologies by name. Words are read by ``assets.icp_terms``, which refuses
    what nothing could meet. ``icp_profile_id`` and ``name`` are those of the file where it says
    neither.
    """

    organisation_id: str = "default"
    icp_profile_id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    is_default: bool = False
    version: int = Field(default=1, ge=1)
    industries: list[str] = Field(min_length=1)
    company_size_min: int = Field(default=1, ge=1)
    company_size_max: int = Field(default=1_000_000, ge=1)
    funding_stages: list[str] = []
    tech_stack: TechStack = TechStack()
    geographies: list[str] = []
    decision_makers: DecisionMakers = DecisionMakers()
    seller: Seller = Seller()
    signals: WantedSignals = WantedSignals()
    competitors: list[str] = []
    renewal: Renewal = Renewal()
    scoring: Scoring = Scoring()

    @field_validator("industries")
    @classmethod
    def _codes(cls, industries: list[str]) -> list[str]:
        for name in industries:
            code = name.strip().lower()
            if code.startswith("naics:") and not re.fullmatch(r"naics:[1-9]\d{1,5}", code):
                raise ValueError(f"{name!r} is no NAICS code: write naics: and two to six digits")
        return industries

    @model_validator(mode="after")
    def _size_range(self) -> IcpProfile:
        if self.company_size_min > self.company_size_max:
            raise ValueError("company_size_min is above company_size_max: swap or correct them")
        return self


def load_icp_profiles(folder: Path) -> list[IcpProfile]:
    """Read and validate every profile of ``folder``.

    Raises ``ConfigurationError`` naming the file and field, or saying that an organisation has no
    default profile or several.
    """
    profiles = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.json")]):
        stated = read_yaml(path)
        if isinstance(stated, dict) and not {"icp_profile_id", "icpProfileId"} & set(stated):
            stated = {"icp_profile_id": path.stem, "name": path.stem, **stated}
        profiles.append(validated(IcpProfile, stated, path))
    if not profiles:
        raise ConfigurationError(f"{folder} holds no ICP profile (*.yaml or *.json): add one")
    _check_defaults(folder, profiles)
    return profiles


def _check_defaults(folder: Path, profiles: Sequence[IcpProfile]) -> None:
    ids = Counter((p.organisation_id, p.icp_profile_id) for p in profiles)
    for (organisation, profile), count in ids.items():
        if count > 1:
            raise ConfigurationError(
                f"{folder}: profile {profile!r} of {organisation!r} is defined {count} times"
            )
    for organisation in sorted({p.organisation_id for p in profiles}):
        defaults = [p for p in profiles if p.organisation_id == organisation and p.is_default]
        if len(defaults) != 1:
            raise ConfigurationError(
                f"{folder}: organisation {organisation!r} needs exactly one profile with "
                f"`is_default: true`, it has {len(defaults)}"
            )


def icp_table(profiles: Sequence[IcpProfile]) -> pa.Table:
    """Profiles as rows for SQL; ``config`` is the profile as JSON."""
    rows = [
        {
            **profile.model_dump(include=IDENTITY),
            "config": json.dumps(profile.model_dump(exclude=IDENTITY), sort_keys=True),
        }
        for profile in profiles
    ]
    return pa.Table.from_pylist(rows, schema=ICP_PROFILES)


def check_versions(folder: Path, profiles: Sequence[IcpProfile], exported: pa.Table) -> None:
    """Hold that a profile changed only together with its version, so old scores keep their reason.

    ``exported``: the rows of the last export. Raises ``ConfigurationError`` naming the profile and
    the version to give it.
    """
    before = {(row["organisation_id"], row["icp_profile_id"]): row for row in exported.to_pylist()}
    for profile in profiles:
        row = before.get((profile.organisation_id, profile.icp_profile_id))
        if row is None or row["version"] < profile.version:
            continue
        # Read again, so that a field the file could not have had yet counts as its default.
        past = {**json.loads(row["config"]), **{k: row[k] for k in IDENTITY}}
        differs = row["version"] > profile.version or _judged(
            IcpProfile.model_validate(past)
        ) != _judged(profile)
        if differs:
            raise ConfigurationError(
                f"{folder}: profile {profile.icp_profile_id!r} of {profile.organisation_id!r} was "
                f"changed, yet its version is {profile.version}: set `version: "
                f"{row['version'] + 1}`, so that earlier scores keep their reason"
            )


def _judged(profile: IcpProfile) -> IcpProfile:
    """The profile without what changes no score: its name, what it sells, whether the default."""
    return profile.model_copy(update={"name": "", "is_default": False, "seller": Seller()})
