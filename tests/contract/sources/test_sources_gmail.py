"""Gmail by its API: tokens, search, pages, history, limits, revoked access, and what is stored."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from resources.sources.connectors.gmail import parse, search_words
from resources.sources.declaration import Declaration
from resources.sources.ingestion import IngestReport, ingest
from tests.contract.sources.conftest import DAY, Market
from tests.contract.sources.vendor import Asked, Reply

BOX = "ann@seller.example"
USERS = f"/gmail/v1/users/{BOX}"
VARIABLE = "BUYING_SIGNALS_GMAIL_KEY_FILE"


def as_json(content: object, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


def error(status: int, reason: str, message: str = "No.") -> Reply:
    return as_json({"error": {"message": message, "errors": [{"reason": reason}]}}, status)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


class Gmail:
    """A mailbox as the API shows it, its door, and the product's ingestion of it."""

    def __init__(self, market: Market, key: rsa.RSAPrivateKey) -> None:
        self.market, self.key = market, key
        self.mails: dict[str, str] = {}
        self.labels: dict[str, list[str]] = {}
        self.history: list[tuple[int, dict]] = []
        self.tokens = self.refused = 0
        self.statements: list[dict] = []
        self.page, self.history_from = 2, 1
        self.options: dict[str, object] = {}
        self.broken: dict[str, Reply] = {}
        vendor = market.vendor
        vendor.on("/token", self.token)
        vendor.on(f"{USERS}/profile", self.guarded(lambda _: {"historyId": str(self.latest)}))
        vendor.on(f"{USERS}/messages", self.guarded(self.listed))
        vendor.on(f"{USERS}/history", self.guarded(self.told))
        path = market.home / "key.json"
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_text(
            json.dumps({"client_email": "robot@p.example", "private_key": pem.decode()})
        )
        market.environ[VARIABLE] = str(path)

    @property
    def latest(self) -> int:
        return self.history[-1][0] if self.history else 1

    def add(self, name: str, subject: str = "RFQ", labels: tuple[str, ...] = ("INBOX",)) -> None:
        self.mails[name] = f"Message-ID: <{name}@x.example>\nSubject: {subject}\n\nWords {name}"
        self.labels[name] = list(labels)
        self._happened("messagesAdded", name)
        self.market.vendor.on(
            f"{USERS}/messages/{name}", self.guarded(lambda asked: self.raw(name, asked))
        )

    def label(self, name: str, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> None:
        self.labels[name] = [one for one in self.labels[name] if one not in removed] + list(added)
        for kind, changed in (("labelsAdded", added), ("labelsRemoved", removed)):
            if changed:
                self._happened(kind, name, labelIds=list(changed))

    def _happened(self, kind: str, name: str, **more: object) -> None:
        message = {"id": name, "labelIds": list(self.labels[name])}
        self.history.append((self.latest + 1, {kind: [{"message": message, **more}]}))

    def token(self, asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode())
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        self.statements.append(jwt.decode(form["assertion"][0], public, verify=True,
                                          audience=f"{self.market.vendor.url}/token"))  # fmt: skip
        self.tokens += 1
        return as_json({"access_token": f"t{self.tokens}", "expires_in": 3_599})

    def guarded(self, answer):
        def reply(asked: Asked) -> Reply:
            if asked.headers.get("Authorization") != f"Bearer t{self.tokens}" or self.refused:
                self.refused = max(0, self.refused - 1)
                return error(401, "authError", "Invalid Credentials")
            name = asked.path.rsplit("/", 1)[1]
            if name in self.broken:
                return self.broken[name]
            content = answer(asked)
            return content if isinstance(content, Reply) else as_json(content)

        return reply

    def listed(self, asked: Asked) -> dict:
        words = asked.query.get("q", "")
        names = [n for n in reversed(self.mails) if "rfq" not in words.lower()
                 or "RFQ" in self.mails[n]]  # fmt: skip
        if "label:" in words:
            names = [n for n in names if "Label_7" in self.labels[n] and "after:" not in words]
        start = int(asked.query.get("pageToken", 0))
        page = {"messages": [{"id": n, "threadId": n} for n in names[start : start + self.page]]}
        more = {"nextPageToken": str(start + self.page)} if start + self.page < len(names) else {}
        return page | more

    def told(self, asked: Asked) -> dict | Reply:
        since = int(asked.query["startHistoryId"])
        if since < self.history_from:
            return error(404, "notFound")
        steps = [{"id": str(at), **told} for at, told in self.history if at > since]
        start = int(asked.query.get("pageToken", 0))
        more = {"nextPageToken": str(start + 1)} if start + 1 < len(steps) else {}
        return {"history": steps[start : start + 1], "historyId": str(self.latest)} | more

    def raw(self, name: str, asked: Asked) -> dict:
        assert asked.query == {"format": "raw"}
        raw = base64.urlsafe_b64encode(self.mails[name].encode()).decode().rstrip("=")
        return {
            "id": name,
            "threadId": f"thread-{name}",
            "labelIds": self.labels[name],
            "snippet": "Words",
            "historyId": "7",
            "internalDate": "1781510400000",
            "sizeEstimate": 99,
            "raw": raw,
        }

    def ingest(self, day=DAY, **changes: object) -> IngestReport:
        url = self.market.vendor.url
        declared = Declaration.model_validate(
            {
                "name": "gmail",
                "families": ["correspondence"],
                "description": "Mail.",
                "base_urls": {"api": f"{url}/gmail/v1", "token": f"{url}/token"},
                "auth": {"kind": "oauth", "variable": VARIABLE},
                "rate_limit": {"requests": 1000},
                "retry": {"attempts": 2},
                "concurrency": 1,
                "freshness_hours": 24,
                "terms": {"url": "", "note": "x"},
                "kind": "event",
                "connector": "gmail",
                "streams": ["messages"],
                "options": {"mailbox": BOX, **self.options},
            }
            | changes
        )
        self.market.vendor.asked.clear()
        return ingest("gmail", day, self.market.services(declared))

    def rows(self) -> dict[str, dict]:
        return {row["record_id"]: row for row in self.market.rows("gmail", "messages")}

    def asked(self, path: str) -> list[dict[str, str]]:
        return [a.query for a in self.market.vendor.asked if a.path == f"{USERS}/{path}"]


@pytest.fixture
def gmail(market: Market, key: rsa.RSAPrivateKey) -> Gmail:
    found = Gmail(market, key)
    for name in ("a", "b", "c"):
        found.add(name)
    return found


def test_every_mail_is_stored_as_it_came_with_what_gmail_says_of_it(gmail):
    report = gmail.ingest()
    assert (report.status, report.new_rows) == ("ok", {"messages": 3})
    row = gmail.rows()["a"]
    assert row["body"] == gmail.mails["a"].encode()
    assert row["media_type"] == "message/rfc822"
    assert row["observed_at"] == datetime(2026, 6, 15, 8, tzinfo=UTC)
    assert json.loads(row["payload"]) == {
        "id": "a",
        "threadId": "thread-a",
        "labelIds": ["INBOX"],
        "historyId": "7",
        "internalDate": "1781510400000",
        "sizeEstimate": 99,
        "mailbox": BOX,
    }
    assert [q.get("pageToken") for q in gmail.asked("messages")] == [None, "2"]
    [statement] = gmail.statements
    assert statement["iss"] == "robot@p.example"
    assert statement["sub"] == BOX
    assert statement["scope"] == "https://www.googleapis.com/auth/gmail.readonly"
    assert statement["exp"] - statement["iat"] == 3_600


def test_later_only_what_the_history_tells_is_read(gmail):
    gmail.ingest()
    gmail.add("d")
    gmail.add("junk", labels=("SPAM",))
    gmail.add("e")
    report = gmail.ingest()
    assert report.new_rows == {"messages": 2}
    assert set(gmail.rows()) == {"a", "b", "c", "d", "e"}
    assert gmail.asked("messages") == []
    assert [q["startHistoryId"] for q in gmail.asked("history")] == ["4", "4", "4"]
    assert gmail.asked("messages/a") == []
    again = gmail.ingest()
    assert (again.status, again.requests) == ("unchanged", 3)


def test_a_label_of_the_users_own_is_seen_on_old_mail_too(gmail):
    gmail.ingest()
    gmail.label("a", added=("Label_7",))
    gmail.label("b", removed=("INBOX", "UNREAD"))
    gmail.label("c", added=("Label_7", "TRASH"))
    assert gmail.ingest().new_rows == {"messages": 1}
    [held] = [r for r in gmail.market.rows("gmail", "messages") if "Label_7" in r["payload"]]
    assert (held["record_id"], json.loads(held["payload"])["labelIds"]) == (
        "a", ["INBOX", "Label_7"],
    )  # fmt: skip
    assert gmail.ingest().status == "unchanged"
    # What was spam and is none any more is read like a mail that came.
    gmail.add("junk", labels=("SPAM",))
    assert gmail.ingest().new_rows in ({}, {"messages": 0})
    gmail.label("junk", added=("INBOX",), removed=("SPAM",))
    assert gmail.ingest().new_rows == {"messages": 1}
    assert "junk" in gmail.rows()


def test_a_search_by_label_finds_what_was_labelled_later_whatever_its_age(gmail):
    gmail.options = {"labels": ["rfq"]}
    assert gmail.ingest().new_rows in ({}, {"messages": 0})
    gmail.label("b", added=("Label_7",))
    gmail.label("c", added=("Label_8",))
    assert gmail.ingest().new_rows == {"messages": 1}
    assert set(gmail.rows()) == {"b"}
    assert gmail.asked("messages/c") == []


def test_a_search_keeps_to_what_it_asks_for_at_first_and_later(gmail):
    gmail.options = {"keywords": ["rfq"], "participants": ["bob@buyer.example"]}
    gmail.add("lunch", "Lunch")
    assert gmail.ingest().new_rows == {"messages": 3}
    words = '{"rfq"} {from:bob@buyer.example to:bob@buyer.example cc:bob@buyer.example}'
    assert gmail.asked("messages")[0]["q"] == words
    gmail.add("dinner", "Dinner")
    gmail.add("d")
    assert gmail.ingest().new_rows == {"messages": 1}
    assert set(gmail.rows()) == {"a", "b", "c", "d"}
    since = int((datetime(2026, 6, 15, 10, tzinfo=UTC) - timedelta(days=2)).timestamp())
    assert gmail.asked("messages")[0]["q"] == f"{words} after:{since}"
    gmail.options = {"keywords": ["lunch"]}
    gmail.ingest()
    assert set(gmail.rows()) == {"a", "b", "c", "d", "lunch", "dinner"}


def test_a_history_too_old_to_be_asked_means_a_search(gmail):
    gmail.ingest()
    gmail.add("d")
    gmail.history_from = 99
    assert gmail.ingest().new_rows == {"messages": 1}
    assert gmail.asked("messages/a") == []


def test_a_token_that_ends_on_the_way_is_bought_anew(gmail):
    gmail.refused = 1
    assert gmail.ingest().status == "ok"
    assert gmail.tokens == 2
    assert len(gmail.rows()) == 3


def test_revoked_access_says_who_may_not_read_what(gmail):
    gmail.ingest()
    gmail.refused = 10**6
    report = gmail.ingest()
    assert report.status == "failed"
    assert "status 401: Invalid Credentials" in report.error
    assert VARIABLE in report.error
    assert len(gmail.rows()) == 3
    gmail.refused = 0
    gmail.market.vendor.on(
        "/token", as_json({"error": "unauthorized_client", "error_description": "Not allowed"}, 401)
    )
    report = gmail.ingest()
    assert report.status == "failed"
    assert "no token for robot@p.example: unauthorized_client Not allowed" in report.error
    assert "PRIVATE KEY" not in report.error


def test_a_forbidden_mailbox_and_a_limit_are_told_apart(gmail):
    gmail.broken["profile"] = error(403, "forbidden", "Delegation denied")
    assert "status 403: Delegation denied" in gmail.ingest().error
    gmail.broken["profile"] = error(403, "userRateLimitExceeded")
    assert "userRateLimitExceeded: ask less or later" in gmail.ingest().error


def test_a_limit_with_a_time_is_waited_for(gmail):
    answers = [Reply(b"", 429, {"Retry-After": "7"}), as_json({"historyId": "4"})]
    gmail.market.vendor.on(f"{USERS}/profile", answers)
    assert gmail.ingest().status == "ok"
    assert 6 < max(gmail.market.pauses) <= 7


def test_one_bad_mail_harms_no_other_and_is_asked_for_again(gmail):
    gmail.broken["b"] = as_json({"id": "b"})
    report = gmail.ingest()
    assert (report.status, report.new_rows, report.failed_targets) == (
        "partial",
        {"messages": 2},
        1,
    )
    [row] = gmail.market.quarantined()
    assert (row["record_id"], row["rule"]) == ("message b", "bad_response")
    del gmail.broken["b"]
    gmail.broken["c"] = error(404, "notFound")
    assert gmail.ingest().new_rows == {"messages": 1}
    assert set(gmail.rows()) == {"a", "b", "c"}


def test_a_mail_deleted_meanwhile_is_none(gmail):
    gmail.broken["b"] = error(404, "notFound")
    report = gmail.ingest()
    assert (report.status, set(gmail.rows())) == ("ok", {"a", "c"})


def test_what_is_not_configured_says_what_to_set(gmail, tmp_path):
    gmail.options = {"mailbox": ""}
    report = gmail.ingest()
    assert (report.status, "options.mailbox" in report.error) == ("not_configured", True)
    gmail.options = {}
    broken = tmp_path / "none.json"
    for content, said in (
        ("{", "is no JSON"),
        ("{}", "lacks client_email, private_key; it must hold"),
    ):
        broken.write_text(content)
        gmail.market.environ[VARIABLE] = str(broken)
        report = gmail.ingest()
        assert report.status == "not_configured"
        assert said in report.error
    del gmail.market.environ[VARIABLE]
    assert gmail.ingest().error == f"set {VARIABLE}"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"query": "has:attachment", "labels": ["Sales"]}, "has:attachment {label:Sales}"),
        ({"after": "2026-01-31", "before": "2026-03-01"}, "after:2026/01/31 before:2026/03/01"),
        ({"keywords": ['a "b"', "c"]}, '{"a  b " "c"}'),
    ],
)
def test_search_words(options, words):
    assert search_words(options) == words


def test_a_time_that_cannot_be_is_the_fetch_s(fetched_at):
    payload = json.dumps({"id": "x", "raw": "aGk", "internalDate": "soon"}).encode()
    record = parse(
        payload, source="gmail", mailbox=BOX, fetched_at=fetched_at, source_url="https://x"
    )
    assert (record.observed_at, record.body) == (fetched_at, b"hi")
