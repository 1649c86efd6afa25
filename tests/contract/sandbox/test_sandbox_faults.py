"""Faults on demand hit the source they name, as often as they say, and go away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.process import PROJECT_ROOT, MarketStartError, running_market
from sandbox.vendors.sites import behaviour

ACCOUNTS = "/crm/export/accounts.csv"


def lever_path(market) -> str:
    token = next(token for vendor, token in market.by_board if vendor == "lever")
    return f"/lever/v0/postings/{token}?mode=json"


def test_server_errors_and_too_many_requests(client) -> None:
    client.fault(source="crm", kind="http_500", count=1)
    client.fault(source="crm", kind="http_429", count=1, seconds=3)
    assert client.ask(ACCOUNTS).status_code == 500
    limited = client.ask(ACCOUNTS)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "3")
    assert client.ask(ACCOUNTS).status_code == 200


def test_a_fault_hits_only_its_source(client, market) -> None:
    client.fault(source="lever", kind="http_500")
    assert client.ask(lever_path(market)).status_code == 500
    assert client.ask(ACCOUNTS).status_code == 200


def test_rate_and_seed_decide_which_requests_suffer(client) -> None:
    patterns = []
    for _ in range(2):
        client.fault(source="crm", kind="http_500", rate=0.4, seed=9)
        patterns.append([client.ask(ACCOUNTS).status_code for _ in range(20)])
        client.delete(f"{client.url}/_sandbox/faults", timeout=9)
    assert patterns[0] == patterns[1]
    assert 3 <= patterns[0].count(500) <= 13


def test_truncated_json_and_html_instead(client, market) -> None:
    path = lever_path(market)
    whole = client.ask(path).content
    client.fault(source="lever", kind="truncated_json", count=1)
    client.fault(source="lever", kind="html_instead", count=1)
    cut = client.ask(path)
    assert cut.status_code == 200
    assert whole.startswith(cut.content)
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.content)
    page = client.ask(path)
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.startswith("<!doctype html>")


def test_schema_drift_renames_fields(client, market) -> None:
    token = next(token for vendor, token in market.by_board if vendor == "greenhouse")
    client.fault(source="greenhouse", kind="schema_drift", count=1)
    assert set(client.ask(f"/greenhouse/v1/boards/{token}/jobs").json()) == {"postings", "meta"}
    client.fault(source="crm", kind="schema_drift", count=1)
    assert client.ask(ACCOUNTS).text.startswith("Account Key,")
    client.fault(source="press", kind="schema_drift", count=1)
    assert "<newsItem>" in client.ask("/feeds/pressrelay/feed").text


def test_wrong_encoding_empty_and_huge(client) -> None:
    for kind in ("wrong_encoding", "empty", "huge_page"):
        client.fault(source="press", kind=kind, count=1)
    wrong = client.ask("/feeds/pressrelay/feed")
    assert "UTF-8" in wrong.headers["content-type"]
    with pytest.raises(UnicodeDecodeError):
        wrong.content.decode("utf-8")
    assert client.ask("/feeds/pressrelay/feed").content == b""
    assert len(client.ask("/feeds/pressrelay/feed").content) > 10 * 1024 * 1024


def test_slow_answers_are_late_and_whole(client) -> None:
    prompt = client.ask(ACCOUNTS).content
    client.fault(source="crm", kind="slow", count=1, seconds=0.3)
    began = time.monotonic()
    assert client.ask(ACCOUNTS).content == prompt
    assert time.monotonic() - began >= 0.3


def test_a_fault_that_is_none_is_refused(client) -> None:
    for body in ({"source": "crm"}, {"source": "crm", "kind": "boredom"}, {"kindness": 1}, [1]):
        answer = client.post(f"{client.url}/_sandbox/faults", json=body, timeout=9)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_rate_limits_answer_429_with_retry_after(client) -> None:
    limits = f"{client.url}/_sandbox/rate_limits"
    client.post(limits, json={"source": "ashby", "per_second": 2}, timeout=9)
    codes = [client.ask("/ashby/posting-api/job-board/nobody") for _ in range(6)]
    assert [c.status_code for c in codes].count(429) >= 3
    assert all(int(c.headers["retry-after"]) >= 1 for c in codes if c.status_code == 429)
    client.post(limits, json={"source": "ashby", "per_second": 2000}, timeout=9)


def test_a_broken_site_breaks_off(client, market) -> None:
    broken = next(c for c in market.companies if behaviour(c) == "broken")
    with pytest.raises(requests.RequestException):
        client.ask(f"/sites/{broken.domain}/")


def test_the_child_is_ended_with_the_context() -> None:
    with running_market(companies=2, start="2026-01-01", days=10) as url:
        health = requests.get(f"{url}/_sandbox/health", timeout=9).json()
        assert (health["status"], health["companies"], health["days"]) == ("ok", 2, 10)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/_sandbox/health", timeout=9)
    children = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert "--companies 2 " not in children


def test_a_market_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(MarketStartError, match="at least one company"),
        running_market(companies=0, start="2026-01-01", days=10),
    ):
        pass


def test_a_market_ends_with_the_process_that_started_it(tmp_path):
    program = (
        "import os, signal\n"
        "from sandbox.process import running_market\n"
        "with running_market(companies=2, start='2026-01-01', days=10) as url:\n"
        "    print(url, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT_ROOT
    )
    assert parent.returncode == -signal.SIGKILL
    address = urlsplit(parent.stdout.strip())
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    pytest.fail("the market still answers")
