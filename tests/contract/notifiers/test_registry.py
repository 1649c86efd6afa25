"""Channels from configuration: switched on by environment, faults named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from resources.config_errors import ConfigurationError
from resources.notifiers.apprise_channel import AppriseNotifier, split_urls
from resources.notifiers.base import Message, TransientDeliveryError
from resources.notifiers.console import ConsoleNotifier
from resources.notifiers.inbox import InboxNotifier
from resources.notifiers.registry import build_channels
from resources.notifiers.webhook import WebhookNotifier
from tests.contract.notifiers.helpers import START

CONFIGS = {
    "inbox": {"type": "inbox"},
    "webhook": {"type": "webhook", "url_env": "HOOK_URL", "secret_env": "HOOK_SECRET"},
    "chat": {"type": "apprise", "urls_env": "CHAT_URLS"},
    "console": {"type": "console"},
}


def message(**changes) -> Message:
    values = {
        "delivery_id": "d" * 32,
        "channel": "x",
        "priority": "high",
        "payload": {"title": "Éclair & Söhne: raised ../../ $24M", "markdown": "# Hello\n"},
        "created_at": START,
    }
    return Message(**values | changes)


def test_channels_without_their_variable_are_off(tmp_path: Path):
    channels = build_channels(CONFIGS, tmp_path, environ={})
    assert sorted(channels.notifiers) == ["console", "inbox"]
    assert channels.switched_off == {
        "webhook": "HOOK_URL is not set",
        "chat": "CHAT_URLS is not set",
    }


def test_channels_with_their_variable_are_on(tmp_path: Path):
    environ = {"HOOK_URL": "https://hooks.example/x", "CHAT_URLS": "json://localhost/a"}
    channels = build_channels(CONFIGS, tmp_path, environ=environ)
    assert isinstance(channels.notifiers["webhook"], WebhookNotifier)
    assert isinstance(channels.notifiers["chat"], AppriseNotifier)
    assert isinstance(channels.notifiers["inbox"], InboxNotifier)
    assert channels.switched_off == {}
    channels.close()


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        ({"type": "pager"}, {}, "rules.yaml: channel 'x', field type"),
        ({"type": "inbox", "foldre": "a"}, {}, "channel 'x', field foldre: Extra inputs"),
        ({"type": "webhook"}, {}, "channel 'x', field url_env: Field required"),
        (
            {"type": "webhook", "url_env": "https://hooks.example"},
            {},
            "field url_env: String should match",
        ),
        (
            {"type": "webhook", "url_env": "HOOK", "required": True},
            {},
            "channel 'x' is required, but HOOK is not set",
        ),
        (
            {"type": "webhook", "url_env": "HOOK"},
            {"HOOK": "ftp://s3cret"},
            "HOOK must hold a URL that begins with https:// or http://",
        ),
        (
            {"type": "webhook", "url_env": "HOOK", "secret_env": "KEY"},
            {"HOOK": "https://hooks.example", "KEY": "whsec_!"},
            "KEY: the secret after whsec_ is not base64",
        ),
        (
            {"type": "apprise", "urls_env": "CHAT"},
            {"CHAT": "nonsense://s3cret"},
            "CHAT: URL number 1 (scheme nonsense) is not an Apprise URL",
        ),
    ],
)
def test_a_fault_names_file_channel_and_field(tmp_path, config, environ, expected):
    with pytest.raises(ConfigurationError) as error:
        build_channels({"x": config}, tmp_path, environ=environ, file="rules.yaml")
    assert expected in str(error.value)
    assert "s3cret" not in str(error.value)


def test_the_shipped_channels_are_valid(tmp_path: Path):
    from activation.rules import load_rules

    root = Path(__file__).resolve().parents[3]
    config = load_rules(root / "config" / "alert_rules.yaml")
    assert "inbox" in build_channels(config.channels, tmp_path, environ={}).notifiers


def test_apprise_sends_and_does_not_repeat_to_those_who_have_it(hook):
    port = hook.url.split(":")[2].split("/")[0]
    notifier = AppriseNotifier([f"json://127.0.0.1:{port}/a", f"json://127.0.0.1:{port}/b"])
    hook.script = [(200, {}, b""), (500, {}, b"")]
    with pytest.raises(TransientDeliveryError, match="1 of 2 services"):
        notifier.send(message())
    notifier.send(message())
    assert len(hook.requests) == 3
    assert b"Hello" in hook.requests[0][1]


def test_urls_are_separated_by_space_or_comma():
    assert split_urls(" slack://a/b?x=1,2 \n mailto://c,json://d ") == [
        "slack://a/b?x=1,2",
        "mailto://c",
        "json://d",
    ]


def test_inbox_names_are_safe(tmp_path: Path):
    path = InboxNotifier(tmp_path).path(message())
    assert path.parent == tmp_path / "2026-03-20"
    assert path.name == "high-eclair-sohne-raised-24m-dddddddddddd.md"
    assert InboxNotifier(tmp_path).path(message(payload={"title": "会社"})).name == (
        "high-alert-dddddddddddd.md"
    )


def test_the_console_prints():
    out = io.StringIO()
    ConsoleNotifier(out).send(message(payload={"title": "T", "markdown": "M\n"}))
    assert out.getvalue() == "[high] T\nM\n\n"
