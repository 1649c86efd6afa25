"""How fast a market is made and served: ``python -m sandbox.measure [--companies N]``.

Requests are sent over a few kept-alive connections by this process, so that on a busy machine the
rate is what client and server reach together; requests per CPU second of the server is steadier.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.process import running_market

CONNECTIONS = 8


async def _ask(host: str, port: int, paths: list[str], day: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    received = 0
    for path in paths:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: measure@example.com\r\n"
            f"X-Sandbox-Date: {day}\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        received += len(await reader.readexactly(length))
    writer.close()
    return received


async def _load(url: str, paths: list[str], day: str) -> int:
    at = urlsplit(url)
    shares = [paths[i::CONNECTIONS] for i in range(CONNECTIONS)]
    return sum(await asyncio.gather(*(_ask(at.hostname, at.port, s, day) for s in shares)))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _server_pid() -> int:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return int(children[0])


def main(arguments: list[str] | None = None) -> None:
    """Print generation time and requests a second, first (rendered) and again (kept)."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.measure", description=__doc__)
    parser.add_argument("--companies", type=int, default=2000)
    options = parser.parse_args(arguments)
    today = datetime.now(UTC).date()
    day = today.isoformat()

    from sandbox.market import Market, MarketConfig
    from sandbox.vendors.sites import behaviour

    began = time.perf_counter()
    market = Market(MarketConfig(companies=options.companies, start=today - timedelta(days=548)))
    print(f"market of {options.companies:,} companies made in {time.perf_counter() - began:.2f} s")
    paths = []
    for company in market.companies[:4000]:
        if behaviour(company) not in ("hanging", "broken"):
            paths.append(f"/sites/{company.domain}/")
        if company.board:
            vendor, token = company.board
            paths.append(
                {
                    "greenhouse": f"/greenhouse/v1/boards/{token}/jobs?content=true",
                    "lever": f"/lever/v0/postings/{token}?mode=json",
                    "ashby": f"/ashby/posting-api/job-board/{token}",
                }[vendor]
            )
        if company.cik:
            paths.append(f"/sec-data/submissions/CIK{company.cik10}.json")
    unlimited = dict.fromkeys(("greenhouse", "lever", "ashby", "company_site", "sec_edgar"), 1e9)
    with running_market(
        companies=options.companies, start=today - timedelta(days=548), rate_limits=unlimited
    ) as url:
        pid = _server_pid()
        for label in ("rendered", "kept"):
            cpu, began = _cpu_seconds(pid), time.perf_counter()
            received = asyncio.run(_load(url, paths, day))
            took, used = time.perf_counter() - began, _cpu_seconds(pid) - cpu
            print(
                f"{label}: {len(paths):,} requests, {received / 1e6:.1f} MB, "
                f"{len(paths) / took:,.0f} a second, "
                f"{len(paths) / max(used, 0.01):,.0f} per CPU second of the server"
            )


if __name__ == "__main__":
    main()
