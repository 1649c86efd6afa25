"""Tokens: bought by an app, a consent or a key, kept until shortly before they end."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace

import pytest

from resources.http import BadResponseError, PermanentError, RefusedError
from resources.oauth import (
    CredentialsError,
    Tokens,
    app_form,
    basic_header,
    read_credentials,
    refresh_form,
    statement_form,
)

APP = {"client_id": "id", "client_secret": "s3cret"}


class Session:
    """Sells tokens t1, t2, ... that hold for an hour; remembers what was sent."""

    source = "zoom"
    declaration = SimpleNamespace(auth=SimpleNamespace(variable="ZOOM"))

    def __init__(self, *answers: object) -> None:
        self.sent: list[tuple[dict, dict | None]] = []
        self.answers = list(answers)

    def post_form(self, url: str, form: dict, headers: dict | None = None):
        self.sent.append((dict(form), headers))
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        token = {"access_token": f"t{len(self.sent)}"} if isinstance(answer, dict) else answer
        said = token | answer if isinstance(answer, dict) else token
        return SimpleNamespace(json=lambda: said, url=url)


def tokens(session: Session, now: list[float] | None = None, **more) -> Tokens:
    clock = now or [0.0]
    return Tokens(
        session, "https://t.example", app_form(APP), of="app id", remedy="the app's scopes",
        now=lambda: clock[0], **more,
    )  # fmt: skip


def test_a_token_is_kept_until_shortly_before_it_ends_and_bought_anew_when_refused():
    now = [1_000_000.0]
    session = Session({"expires_in": 600})
    account = tokens(session, now)
    assert account.header() == account.header() == {"Authorization": "Bearer t1"}
    now[0] += 600 - 120
    assert account.header() == {"Authorization": "Bearer t2"}
    # Another thread has bought it meanwhile: the refused one is not the one in use.
    assert account.header(refused="Bearer t1") == {"Authorization": "Bearer t2"}
    assert account.header(refused="Bearer t2") == {"Authorization": "Bearer t3"}
    now[0] += 3_600 - 121
    assert account.header() == {"Authorization": "Bearer t3"}


def test_what_is_sent_for_each_kind_of_credentials():
    session = Session()
    tokens(session, headers=basic_header(APP)).header()
    form, headers = session.sent[0]
    assert form == {"grant_type": "client_credentials", **APP}
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"id:s3cret"
    assert refresh_form({**APP, "refresh_token": "r", "more": 1})() == {
        "grant_type": "refresh_token", "refresh_token": "r", **APP,
    }  # fmt: skip
    assert app_form(APP, scope="x")()["scope"] == "x"


def test_a_refusal_says_who_was_refused_and_what_to_check_and_no_secret():
    body = json.dumps({"error": "invalid_client", "reason": "Unknown client"}).encode()
    refusal = PermanentError("zoom", "https://t.example", "status 400", status=400, excerpt=body)
    with pytest.raises(RefusedError) as raised:
        tokens(Session(refusal)).header()
    said = str(raised.value)
    assert (
        "no token for app id: invalid_client Unknown client; check ZOOM, the app's scopes" in said
    )
    assert "s3cret" not in said
    silent = PermanentError("zoom", "https://t.example", "status 500", excerpt=b"<html>")
    with pytest.raises(RefusedError, match="the answer gives no reason"):
        tokens(Session(silent)).header()


def test_an_answer_without_a_token_is_no_token():
    with pytest.raises(BadResponseError, match="no access_token"):
        tokens(Session({"access_token": ""})).header()


def test_a_key_that_is_none_is_said_without_what_is_in_it():
    key = {"client_email": "robot@p.example", "private_key": "not a key"}
    form = statement_form(key, token_url="https://t.example", scope="s", subject=None)
    account = Tokens(Session(), "https://t.example", form, of="robot", remedy="x")
    with pytest.raises(RefusedError) as raised:
        account.header()
    assert "ZOOM: private_key is no key" in str(raised.value)
    assert "not a key" not in str(raised.value)


def test_credentials_are_json_or_a_file_of_it(tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(APP))
    kinds = (("client_id", "client_secret"), ("client_id", "refresh_token"))
    assert read_credentials(str(path), *kinds) == APP
    assert read_credentials(f" {json.dumps(APP)}", *kinds) == APP
    with pytest.raises(CredentialsError, match=r"what is set lacks client_secret; it must hold"):
        read_credentials('{"client_id": "x", "client_secret": ""}', *kinds)
    with pytest.raises(CredentialsError, match="what is set is no JSON"):
        read_credentials("{", *kinds)
    with pytest.raises(CredentialsError, match=r"gone.json cannot be read: No such file"):
        read_credentials(str(tmp_path / "gone.json"), *kinds)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CredentialsError, match="cannot be read: no text"):
        read_credentials(str(path), *kinds)
    path.write_text("[1]")
    with pytest.raises(CredentialsError, match="lacks client_id"):
        read_credentials(str(path), *kinds)
