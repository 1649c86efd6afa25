"""What is declared about each source, typed and validated, and how an environment changes it.

``config/sources.yaml`` says how the world is asked; ``config/environments/<environment>.yaml``
replaces base URLs, rate limits, headers and keys, and nothing else. Secrets never stand in either:
a declaration names the environment variable that holds one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from resources.circuits import BreakerSettings
from resources.config_errors import ConfigurationError, explain
from resources.mapped.mapping import FileMapping, RecordMapping
from resources.sources.questions import Question

#: libyaml where PyYAML has it: six times faster, and a run reads the declarations several times.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: ``${NAME}`` or ``${NAME:-default}`` in a base URL.
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}")

#: SEC fair access: no more than ten requests a second for all of a user's machines together.
#: https://www.sec.gov/os/accessing-edgar-data
SEC_REQUESTS_PER_SECOND = 10

Family = Literal[
    "accounts",
    "funding",
    "executives",
    "jobs",
    "technology",
    "expansion",
    "news",
    "outcomes",
    "intent",
    "engagement",
    "correspondence",
]


#: ``own`` is the module named after the source; the others serve any source declared with them.
Connector = Literal[
    "own", "file_drop", "webhook", "json_api", "gmail", "mail_files", "meeting_files",
    "crm_reports", "drive", "zoom", "teams", "salesforce", "hubspot",
]  # fmt: skip

#: File of the configuration that holds the orders in which several sources are asked.
ROUTES_FILE = "routes.yaml"

#: Folder of the configuration that holds one file per file drop.
DROPS_FOLDER = "drops"
#: Folder of the configuration that holds one file per webhook.
WEBHOOKS_FOLDER = "webhooks"

_ModelType = TypeVar("_ModelType", bound=BaseModel)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(_Model):
    """How a source knows who asks. The secret itself is only ever in the environment.

    ``user_agent``: the variable holds a contact that is added to the User-Agent, as the SEC asks.
    ``header``: the variable holds a key that is sent in ``header``; a vendor that also wants its
    user's e-mail address gets it as User-Agent from ``contact_variable``.
    ``query``: the variable holds what goes into ``parameters`` of every question, parted by colons.
    ``oauth``: the variable holds credentials as JSON, or names a file of them; what is sent are the
    short-lived tokens that they buy (docs/sources.md says what each source wants).
    """

    kind: Literal["none", "user_agent", "header", "query", "oauth"] = "none"
    variable: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    header: str | None = None
    prefix: str = Field(default="", description="Written before the key in 'header': 'API '.")
    contact_variable: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    parameters: tuple[str, ...] = ()
    public_value: str | None = Field(
        default=None,
        description="Value used when the variable is unset; only for keys that are no secret, and "
        "only in an environment file.",
    )
    public_contact: str | None = Field(
        default=None, description="The same for the address of ``contact_variable``."
    )

    @model_validator(mode="after")
    def _complete(self) -> Auth:
        if self.kind != "none" and not self.variable:
            raise ValueError(f"auth of kind {self.kind!r} needs 'variable'")
        if self.kind == "header" and not self.header:
            raise ValueError("auth of kind 'header' needs 'header'")
        if self.kind == "query" and not self.parameters:
            raise ValueError("auth of kind 'query' needs 'parameters'")
        if self.contact_variable and self.kind != "header":
            raise ValueError("'contact_variable' belongs to auth of kind 'header'")
        return self


class RateLimit(_Model):
    """At most ``requests`` in any window of ``per_seconds`` seconds.

    ``shared`` names a limit that counts all processes of this machine together.
    """

    requests: int = Field(ge=1)
    per_seconds: float = Field(default=1.0, gt=0)
    shared: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]*$")


class Retry(_Model):
    """How often a transient failure is asked again. Seconds; waits double from the first."""

    attempts: int = Field(default=4, ge=1, le=10)
    total_seconds: float = Field(default=120.0, gt=0)
    first_wait_seconds: float = Field(default=0.5, ge=0)
    longest_wait_seconds: float = Field(default=30.0, ge=0)


class Terms(_Model):
    """Where a source's terms of use stand, and what they come to."""

    url: str
    note: str


class Declaration(_Model):
    """One source: what it offers and how it wants to be asked."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    base_urls: dict[str, str] = Field(min_length=1)
    auth: Auth = Auth()
    rate_limit: RateLimit
    retry: Retry = Retry()
    breaker: BreakerSettings = BreakerSettings()
    concurrency: int = Field(default=4, ge=1, le=64)
    connect_seconds: float = Field(default=10.0, gt=0)
    read_seconds: float = Field(default=30.0, gt=0)
    max_body_bytes: int = Field(default=10_000_000, ge=1_000)
    pagination: Literal["none", "index_files", "after_id", "skip_limit", "paged"] = "none"
    cache_seconds: float = Field(
        default=0, ge=0, description="Answers younger than this are not asked for again; 0: ask."
    )
    cadence: Literal["hourly", "daily", "weekly"] = "daily"
    freshness_hours: float = Field(gt=0, description="Older successes make the source 'stale'.")
    publication_lag_hours: float = Field(
        default=0, ge=0, description="How long after the fact the source usually tells it."
    )
    outage_after: int = Field(
        default=20, ge=1, description="Failures in a row after which the whole source is down."
    )
    terms: Terms
    kind: Literal["event", "snapshot"]
    connector: Connector = Field(
        default="own",
        description="'own': the module named after the source; else the generic one of that name.",
    )
    files: tuple[FileMapping, ...] = Field(
        default=(), description="Which files of a file drop are read, and as what."
    )
    events: RecordMapping | None = Field(
        default=None, description="How the events of a webhook are read."
    )
    questions: tuple[Question, ...] = Field(
        default=(), description="What is asked of a source that answers JSON (json_api)."
    )
    asks_by: Literal["name", "domain", "cik", "job_board"] = Field(
        default="name",
        description="What must be known of a company for the source to tell of it; a job board is "
        "one of this source.",
    )
    streams: tuple[str, ...] = Field(
        default=(), description="In the order in which they are written; json_api: its questions'."
    )
    headers: dict[str, str] = Field(
        default_factory=dict, description="Extra headers; '{partition}' is the day fetched."
    )
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("base_urls")
    @classmethod
    def _no_secret_in_url(cls, value: dict[str, str]) -> dict[str, str]:
        for key, url in value.items():
            if re.search(r"://[^/@\s]+:[^/@\s]+@", url):
                raise ValueError(f"base URL {key!r} bears a password; use an auth variable")
        return value

    @field_validator("headers")
    @classmethod
    def _known_placeholders(cls, value: dict[str, str]) -> dict[str, str]:
        for name, template in value.items():
            if set(re.findall(r"{([^}]*)}", template)) - {"partition"}:
                raise ValueError(f"header {name!r}: only '{{partition}}' can be filled in")
        return value

    @model_validator(mode="before")
    @classmethod
    def _streams_of_questions(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("connector") == "json_api":
            asked = [Question.model_validate(q) for q in values.get("questions") or ()]
            streams = tuple(dict.fromkeys(question.stream for question in asked))
            return {**values, "streams": streams}
        return values

    @model_validator(mode="after")
    def _speaks(self) -> Declaration:
        if not self.streams:
            what = "'questions'" if self.connector == "json_api" else "'streams'"
            raise ValueError(f"{what} must not be empty")
        for question in self.questions:
            if question.base not in self.base_urls:
                raise ValueError(f"questions: base {question.base!r} is not among base_urls")
        return self

    @model_validator(mode="after")
    def _fair_access(self) -> Declaration:
        speed = self.rate_limit.requests / self.rate_limit.per_seconds
        asks_sec = any("sec.gov" in url for url in self.base_urls.values())
        if asks_sec and speed > SEC_REQUESTS_PER_SECOND:
            raise ValueError(
                f"rate_limit is {speed:g} requests a second; SEC fair access allows "
                f"{SEC_REQUESTS_PER_SECOND}"
            )
        if asks_sec and not self.rate_limit.shared:
            raise ValueError(
                "rate_limit needs 'shared: sec.gov': the SEC counts all processes of a user"
            )
        return self

    def missing(self, environ: Mapping[str, str] | None = None) -> list[str]:
        """Environment variables that this source needs and that are unset or empty."""
        environ = os.environ if environ is None else environ
        wanted = []
        if self.auth.kind != "none" and not self.auth.public_value:
            wanted.append(str(self.auth.variable))
        if self.auth.contact_variable and not self.auth.public_contact:
            wanted.append(self.auth.contact_variable)
        options = [value for value in self.options.values() if isinstance(value, str)]
        for text in (*self.base_urls.values(), *options):
            wanted += [name for name, default in _VARIABLE.findall(text) if not default]
        return sorted({name for name in wanted if not environ.get(name)})

    def urls(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Base URLs with their variables filled in, without a trailing slash.

        Raises ``ConfigurationError`` naming the variable that is unset.
        """
        return {
            key: self.fill(url, environ, "base_urls").rstrip("/")
            for key, url in self.base_urls.items()
        }

    def fill(self, text: str, environ: Mapping[str, str] | None = None, where: str = "") -> str:
        """``text`` with its variables filled in. Raises ``ConfigurationError`` for an unset one."""
        environ = os.environ if environ is None else environ

        def value_of(match: re.Match[str]) -> str:
            name, default = match.groups()
            value = environ.get(name) or default
            if not value:
                raise ConfigurationError(
                    f"source {self.name!r}: {where or 'its declaration'} needs environment "
                    f"variable {name}, which is not set"
                )
            return value

        return _VARIABLE.sub(value_of, text)

    def secret(self, environ: Mapping[str, str] | None = None) -> str | None:
        """The key or contact, from the environment."""
        environ = os.environ if environ is None else environ
        if self.auth.kind == "none":
            return None
        return environ.get(str(self.auth.variable)) or self.auth.public_value

    def contact(self, environ: Mapping[str, str] | None = None) -> str | None:
        """E-mail address that goes with the key, from the environment."""
        environ = os.environ if environ is None else environ
        variable = self.auth.contact_variable
        return (environ.get(variable) or self.auth.public_contact) if variable else None

    def secret_parameters(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Query parameters that carry the key.

        Raises ``ConfigurationError`` when the variable has not as many parts as there are.
        """
        secret = self.secret(environ)
        if self.auth.kind != "query" or not secret:
            return {}
        values = secret.split(":")
        if len(values) != len(self.auth.parameters):
            raise ConfigurationError(
                f"source {self.name!r}: {self.auth.variable} must hold "
                f"{':'.join(self.auth.parameters)}, parted by colons"
            )
        return dict(zip(self.auth.parameters, values, strict=True))

    def extra_headers(self, partition: date) -> dict[str, str]:
        """Extra headers for the day that is fetched."""
        return {
            name: template.replace("{partition}", partition.isoformat())
            for name, template in self.headers.items()
        }


class Drop(_Model):
    """One file of ``config/drops``: a folder for exports and how they are read."""

    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    folder: str | None = Field(
        default=None,
        description="Folder or fsspec URL; default <home>/drops/<name>. A relative one lies below "
        "the home; BUYING_SIGNALS_DROPS moves all the default ones.",
    )
    freshness_hours: float = Field(default=336, gt=0)
    publication_lag_hours: float = Field(default=0, ge=0)
    max_file_bytes: int = Field(default=200_000_000, ge=1_000)
    settle_seconds: float = Field(
        default=5, ge=0, description="A file younger than this may still be being written."
    )
    terms: Terms
    files: tuple[FileMapping, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Drop:
        names = [mapping.name for mapping in self.files]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two entries of 'files' are named {twice[0]!r}; name them apart")
        return self


class Webhook(_Model):
    """One file of ``config/webhooks``: who may send events, and how they are read."""

    families: tuple[Family, ...] = Field(min_length=1)
    description: str
    secret_variable: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Environment variable of the secret that requests are signed with.",
    )
    proof: Literal["signature", "token"] = Field(
        default="signature",
        description="How a sender shows who it is: by signing with the secret, or, for a vendor "
        "that signs nothing, by the secret at the end of the address. What such a vendor sends "
        "gets the day it came as `received_on`.",
    )
    freshness_hours: float = Field(default=168, gt=0)
    publication_lag_hours: float = Field(default=0, ge=0)
    max_body_bytes: int = Field(default=262_144, ge=1_000, le=10_000_000)
    keep_days: float = Field(
        default=30, ge=0, description="How long the inbox keeps what the lake holds already."
    )
    terms: Terms
    event: RecordMapping

    @model_validator(mode="after")
    def _has_ids(self) -> Webhook:
        if not self.event.id_columns:
            raise ValueError("event.id_columns must say which fields hold the event's own id")
        return self


class Route(_Model):
    """A question that several sources can answer, in the order in which they are asked.

    ``until`` is ``answered``: the next is asked only when those before it did not answer, or not
    for every company; ``all``: every one is asked.
    """

    description: str
    sources: tuple[str, ...] = Field(min_length=1)
    until: Literal["answered", "all"] = "answered"


class AuthOverride(_Model):
    """What an environment may say about a source's key."""

    public_value: str
    public_contact: str | None = None


class SourceOverride(_Model):
    """What an environment may change about one source."""

    base_urls: dict[str, str] | None = None
    rate_limit: RateLimit | None = None
    retry: Retry | None = None
    breaker: BreakerSettings | None = None
    headers: dict[str, str] | None = None
    auth: AuthOverride | None = None
    cache_seconds: float | None = Field(default=None, ge=0)
    concurrency: int | None = Field(default=None, ge=1, le=64)
    read_seconds: float | None = Field(default=None, gt=0)
    options: dict[str, Any] | None = None


class Environment(_Model):
    """One environment: which servers answer for the sources, and whether the past can be asked."""

    description: str = ""
    replayable: bool = False
    headers: dict[str, str] = Field(default_factory=dict)
    rate_limit: RateLimit | None = None
    retry: Retry | None = None
    breaker: BreakerSettings | None = None
    concurrency: int | None = Field(default=None, ge=1, le=64)
    cache_seconds: float | None = Field(default=None, ge=0)
    sources: dict[str, SourceOverride] = Field(default_factory=dict)
    enrichment: dict[str, SourceOverride] = Field(
        default_factory=dict, description="The same for the providers of config/enrichment.yaml."
    )


class Declarations(_Model):
    """All sources as one environment sees them."""

    environment: str
    replayable: bool
    sources: dict[str, Declaration]
    routes: dict[str, Route] = Field(default_factory=dict)

    def route(self, name: str) -> Route:
        """A declared route. Raises ``ConfigurationError`` for one that is not, and for one that
        names a source that is not: removing a file drop harms nothing but the routes through it.
        """
        route = self.routes.get(name)
        if route is None:
            raise ConfigurationError(
                f"no route {name!r} is declared; declared are {', '.join(self.routes) or 'none'}"
            )
        unknown = [source for source in route.sources if source not in self.sources]
        if unknown:
            raise ConfigurationError(
                f"{ROUTES_FILE} (routes.{name}): sources {unknown} are not declared; "
                f"declared are {sorted(self.sources)}"
            )
        return route

    def __getitem__(self, name: str) -> Declaration:
        try:
            return self.sources[name]
        except KeyError:
            raise ConfigurationError(
                f"no source {name!r} is declared; declared are {', '.join(self.sources)}"
            ) from None


def load_declarations(config_dir: Path, environment: str = "world") -> Declarations:
    """Read ``sources.yaml`` and the environment's file, merge and validate them.

    Reads no environment variable, so it works anywhere; variables are looked at when a source is
    asked. Raises ``ConfigurationError`` naming file, source and field.
    """
    path = config_dir / "sources.yaml"
    listed = _read_yaml(path).get("sources")
    if not isinstance(listed, dict) or not listed:
        raise ConfigurationError(f"{path}: 'sources' must map each source's name to its settings")
    listed = {**listed, **_read_folder(config_dir / DROPS_FOLDER, listed, _drop)}
    listed = {**listed, **_read_folder(config_dir / WEBHOOKS_FOLDER, listed, _webhook)}
    overrides, override_path = _read_environment(config_dir, environment)
    unknown = set(overrides.sources) - set(listed)
    if unknown:
        raise ConfigurationError(
            f"{override_path}: sources {sorted(unknown)} are not in {path.name}; "
            f"declared are {sorted(listed)}"
        )
    sources = {}
    for name, settings in listed.items():
        if not isinstance(settings, dict):
            raise ConfigurationError(f"{path}: source {name!r} must be a mapping")
        folder = DROPS_FOLDER if "files" in settings else WEBHOOKS_FOLDER
        has_own_file = "files" in settings or "events" in settings
        where = config_dir / folder / f"{name}.yaml" if has_own_file else path
        declared = _validate(Declaration, {"name": name, **settings}, where, f"sources.{name}")
        if declared.auth.public_value:
            raise ConfigurationError(
                f"{path}: sources.{name}.auth.public_value belongs in an environment file; here "
                "set 'variable' and keep the key in the environment"
            )
        sources[name] = _override(declared, overrides, override_path)
    return Declarations(
        environment=environment,
        replayable=overrides.replayable,
        sources=sources,
        routes=_read_routes(config_dir / ROUTES_FILE),
    )


def declare_providers(
    listed: Mapping[str, Mapping[str, Any]], path: Path, config_dir: Path, environment: str
) -> dict[str, Declaration]:
    """Providers that are asked about single companies and people, as the environment has them.

    They are declared like sources and asked by the same session; what belongs to a source's lake
    streams is filled in. Raises ``ConfigurationError`` naming file, provider and field.
    """
    overrides, override_path = _read_environment(config_dir, environment)
    unknown = set(overrides.enrichment) - set(listed)
    if unknown:
        raise ConfigurationError(
            f"{override_path}: enrichment {sorted(unknown)} are not in {path.name}; declared are "
            f"{sorted(listed)}"
        )
    own = overrides.model_copy(update={"sources": overrides.enrichment})
    filled = {"families": ["accounts"], "kind": "snapshot", "streams": ["answers"]}
    declared = {}
    for name, settings in listed.items():
        values = {"name": name, "freshness_hours": 720, **filled, **settings}
        provider = _validate(Declaration, values, path, f"providers.{name}")
        if provider.auth.public_value:
            raise ConfigurationError(
                f"{path}: providers.{name}.auth.public_value belongs in an environment file"
            )
        declared[name] = _override(provider, own, override_path)
    return declared


def _read_routes(path: Path) -> dict[str, Route]:
    listed = (_read_yaml(path).get("routes") or {}) if path.exists() else {}
    return {name: _validate(Route, said, path, f"routes.{name}") for name, said in listed.items()}


def _read_folder(
    folder: Path,
    listed: Mapping[str, Any],
    read: Callable[[str, dict[str, Any], Path], dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    """Sources with a file each, named after the source, in the order of names."""
    found = {}
    for path in sorted(folder.glob("*.y*ml")):
        name = path.stem
        if name in listed:
            raise ConfigurationError(f"{path}: source {name!r} is declared elsewhere too")
        found[name] = read(name, _read_yaml(path), path)
    return found


def _drop(name: str, settings: dict[str, Any], path: Path) -> dict[str, Any]:
    """A drop's file as a declaration: what is the same for all drops is filled in."""
    drop = _validate(Drop, settings, path, "")
    return {
        "families": drop.families,
        "description": drop.description,
        "base_urls": {"folder": drop.folder or f"${{BUYING_SIGNALS_DROPS:-drops}}/{name}"},
        "rate_limit": {"requests": 100, "per_seconds": 1},
        "concurrency": 1,
        "max_body_bytes": drop.max_file_bytes,
        "freshness_hours": drop.freshness_hours,
        "publication_lag_hours": drop.publication_lag_hours,
        "terms": drop.terms.model_dump(),
        "kind": "event",
        "connector": "file_drop",
        "files": [mapping.model_dump() for mapping in drop.files],
        "streams": list(dict.fromkeys(mapping.type.stream for mapping in drop.files)),
        "options": {"settle_seconds": drop.settle_seconds},
    }


def _webhook(name: str, settings: dict[str, Any], path: Path) -> dict[str, Any]:
    """A webhook's file as a declaration."""
    hook = _validate(Webhook, settings, path, "")
    return {
        "families": hook.families,
        "description": hook.description,
        "base_urls": {"inbox": "${BUYING_SIGNALS_WEBHOOK_INBOX:-webhooks/inbox.sqlite}"},
        "rate_limit": {"requests": 100, "per_seconds": 1},
        "concurrency": 1,
        "max_body_bytes": hook.max_body_bytes,
        "freshness_hours": hook.freshness_hours,
        "publication_lag_hours": hook.publication_lag_hours,
        "terms": hook.terms.model_dump(),
        "kind": "event",
        "connector": "webhook",
        "events": hook.event.model_dump(),
        "streams": [hook.event.type.stream],
        "options": {
            "secret_variable": hook.secret_variable,
            "keep_days": hook.keep_days,
            "proof": hook.proof,
        },
    }


def _read_environment(config_dir: Path, environment: str) -> tuple[Environment, Path]:
    path = config_dir / "environments" / f"{environment}.yaml"
    if environment == "world" and not path.exists():
        return Environment(), path
    return _validate(Environment, _read_yaml(path), path, ""), path


def _override(declared: Declaration, environment: Environment, path: Path) -> Declaration:
    """The declaration as an environment changes it: its own words win over the common ones."""
    values = declared.model_dump()
    for name in ("rate_limit", "retry", "breaker", "concurrency", "cache_seconds"):
        common = getattr(environment, name)
        if common is not None:
            values[name] = common.model_dump() if isinstance(common, BaseModel) else common
    values["headers"] = {**values["headers"], **environment.headers}
    own = environment.sources.get(declared.name)
    if own is None or own.base_urls is None:
        # The same hosts are asked, so a limit that all processes share stays shared.
        values["rate_limit"]["shared"] = (
            values["rate_limit"]["shared"] or declared.rate_limit.shared
        )
    if own is not None:
        changed = own.model_dump(exclude_none=True)
        values["headers"] |= changed.pop("headers", {})
        values["options"] |= changed.pop("options", {})
        values["auth"] |= changed.pop("auth", {})
        values |= changed
    return _validate(Declaration, values, path, f"sources.{declared.name}")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path} does not exist; BUYING_SIGNALS_CONFIG_DIR names the folder and "
            "BUYING_SIGNALS_ENVIRONMENT the file in environments/"
        ) from None
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not readable YAML: {error}") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} must be a mapping at the top")
    return content


def _validate(
    model: type[_ModelType], values: dict[str, Any], path: Path, where: str
) -> _ModelType:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise explain(Path(f"{path} ({where})") if where else path, error) from None
