"""Channels by name, made from the section ``channels`` of ``config/alert_rules.yaml``.

A new kind of channel is a configuration class and a maker in ``KINDS``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from resources.config_errors import ConfigurationError
from resources.notifiers.apprise_channel import AppriseNotifier, split_urls
from resources.notifiers.base import Notifier
from resources.notifiers.console import ConsoleNotifier
from resources.notifiers.inbox import InboxNotifier
from resources.notifiers.webhook import WebhookNotifier, signature

Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class _Channel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InboxChannel(_Channel):
    """Files in a folder; default the inbox of the platform's home."""

    type: Literal["inbox"]
    folder: Path | None = None


class ConsoleChannel(_Channel):
    """Standard output."""

    type: Literal["console"]


class WebhookChannel(_Channel):
    """A POST to the URL that the environment variable ``url_env`` holds."""

    type: Literal["webhook"]
    url_env: Variable
    secret_env: Variable | None = None
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)
    required: bool = False


class AppriseChannel(_Channel):
    """Services whose Apprise URLs the environment variable ``urls_env`` holds."""

    type: Literal["apprise"]
    urls_env: Variable
    required: bool = False


ChannelConfig = Annotated[
    InboxChannel | ConsoleChannel | WebhookChannel | AppriseChannel, Field(discriminator="type")
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(ChannelConfig)


@dataclass(frozen=True)
class Channels:
    """Channels that are switched on, and why the others are not."""

    notifiers: dict[str, Notifier]
    switched_off: dict[str, str]

    def close(self) -> None:
        """Close every channel."""
        for notifier in self.notifiers.values():
            notifier.close()


def build_channels(
    configs: Mapping[str, Mapping[str, Any]],
    inbox: Path,
    *,
    environ: Mapping[str, str] | None = None,
    file: str = "config/alert_rules.yaml",
) -> Channels:
    """Make every channel whose environment variables are set.

    A channel whose variable is unset is off, unless it is ``required``. ``inbox`` is the folder of
    inbox channels that name none; ``file`` is named in errors. Raises ``ConfigurationError`` naming
    file, channel and field.
    """
    environ = os.environ if environ is None else environ
    notifiers: dict[str, Notifier] = {}
    switched_off: dict[str, str] = {}
    for name, raw in configs.items():
        where = f"{file}: channel '{name}'"
        try:
            config = _ADAPTER.validate_python(dict(raw))
        except ValidationError as error:
            faults = "; ".join(
                f"field {'.'.join(map(str, item['loc'][1:])) or 'type'}: {item['msg']}"
                for item in error.errors()
            )
            raise ConfigurationError(f"{where}, {faults}") from error
        variable = getattr(config, "url_env", None) or getattr(config, "urls_env", None)
        if variable and not environ.get(variable, "").strip():
            if config.required:
                raise ConfigurationError(f"{where} is required, but {variable} is not set")
            switched_off[name] = f"{variable} is not set"
            continue
        try:
            notifiers[name] = KINDS[config.type](config, inbox, environ)
        except ValueError as error:
            raise ConfigurationError(f"{where}: {error}") from error
    return Channels(notifiers, switched_off)


def _inbox(config: InboxChannel, inbox: Path, environ: Mapping[str, str]) -> Notifier:
    return InboxNotifier(config.folder or inbox)


def _console(config: ConsoleChannel, inbox: Path, environ: Mapping[str, str]) -> Notifier:
    return ConsoleNotifier()


def _webhook(config: WebhookChannel, inbox: Path, environ: Mapping[str, str]) -> Notifier:
    secret = environ.get(config.secret_env, "") if config.secret_env else ""
    if secret:
        try:
            signature(secret, "", 0, b"")
        except ValueError as error:
            raise ValueError(f"{config.secret_env}: {error}") from error
    url = environ[config.url_env].strip()
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{config.url_env} must hold a URL that begins with https:// or http://")
    return WebhookNotifier(url, secret or None, config.timeout_seconds)


def _apprise(config: AppriseChannel, inbox: Path, environ: Mapping[str, str]) -> Notifier:
    try:
        return AppriseNotifier(split_urls(environ[config.urls_env]))
    except ValueError as error:
        raise ValueError(f"{config.urls_env}: {error}") from error


#: Maker of each kind of channel, by the ``type`` of its configuration.
KINDS: dict[str, Callable[[Any, Path, Mapping[str, str]], Notifier]] = {
    "inbox": _inbox,
    "console": _console,
    "webhook": _webhook,
    "apprise": _apprise,
}
