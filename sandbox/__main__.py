"""``python -m sandbox serve``, ``truth`` and ``notify``: the market on the command line."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer as the market's vendors on the loopback")
    truth = commands.add_parser("truth", help="write what truly happened, for tests and reports")
    notify = commands.add_parser("notify", help="post what Coresignal's webhook would of companies")
    for command in (serve, truth, notify):
        command.add_argument("--companies", type=int, default=2000)
        command.add_argument("--seed", type=int, default=7)
        command.add_argument("--days", type=int, default=548, help="length of the history")
        command.add_argument(
            "--start", type=date.fromisoformat, help="first day; default: today minus --days"
        )
        command.add_argument(
            "--home", type=Path, help="take the market from <home>/sandbox/market.json instead"
        )
        for name, kind, words in (
            ("outlets", int, "12 (default) to 40"),
            ("syndication", float, "share of releases that most outlets reprint"),
            ("siblings", float, "share of rounds and takeovers told from the other side too"),
            ("late-news", float, "share of events retold weeks later"),
            ("retractions", float, "reports of what never happened, per company and year"),
        ):
            command.add_argument(f"--{name}", type=kind, help=words)
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one")
    serve.add_argument("--port-file", type=Path, help="file to write the port to, once listening")
    serve.add_argument(
        "--rate-limit", action="append", default=[], metavar="SOURCE=PER_SECOND",
        help="override a vendor's limit; may be given several times",
    )  # fmt: skip
    serve.add_argument(
        "--hang-seconds", type=float, default=4.0, help="how long a hanging site lets one wait"
    )
    serve.add_argument(
        "--drops", type=Path, help="folder to write what people export by hand to, for the last day"
    )
    serve.add_argument(
        "--end-with-stdin", action="store_true", help="end when standard input closes"
    )
    truth.add_argument("--out", type=Path, required=True, help="folder for the Parquet files")
    notify.add_argument("--to", required=True, help="address of the webhook, its secret at the end")
    notify.add_argument("--updated", nargs="*", default=[], metavar="DOMAIN")
    notify.add_argument(
        "--merged", nargs="*", default=[], metavar="GONE:KEPT", help="domains of two companies"
    )
    return parser.parse_args(arguments)


def _press(options: argparse.Namespace) -> dict[str, float]:
    """The options that make the press harder to read, as far as they are given."""
    names = ("outlets", "syndication", "siblings", "late_news", "retractions")
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _config(options: argparse.Namespace):
    from sandbox.anchoring import anchor
    from sandbox.market import MarketConfig

    today = datetime.now(UTC).date()
    if options.home is not None:
        kept = anchor(
            options.home, today, companies=options.companies, days=options.days, seed=options.seed
        )
        return MarketConfig(**kept.arguments(), **_press(options))
    start = options.start or today - timedelta(days=options.days)
    return MarketConfig(options.seed, options.companies, start, options.days, **_press(options))


def _end_with_stdin() -> None:
    """End this process gracefully once standard input closes, which a killed parent's pipe does."""

    def wait() -> None:
        while sys.stdin.buffer.read(1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _serve(options: argparse.Namespace) -> None:
    import uvicorn

    from sandbox.exports import write_exports
    from sandbox.market import Market
    from sandbox.server import App

    limits = {}
    for text in options.rate_limit:
        source, _, rate = text.partition("=")
        limits[source] = float(rate)
    listener = _listener(options.port)
    port = listener.getsockname()[1]
    market = Market(_config(options))
    if options.drops is not None:
        write_exports(market, market.config.today, options.drops)
    app = App(market, limits, options.hang_seconds, dns_port=port + 1)
    if options.port_file is not None:
        draft = options.port_file.with_suffix(".tmp")
        draft.write_text(str(port))
        os.replace(draft, options.port_file)
    if options.end_with_stdin:
        _end_with_stdin()
    print(f"simulated market on http://127.0.0.1:{port}", flush=True)
    config = uvicorn.Config(
        app, loop="auto", http="httptools", access_log=False, log_level="warning",
        timeout_graceful_shutdown=1, server_header=False, date_header=True,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def _listener(wanted: int) -> socket.socket:
    """A listening socket on ``wanted`` or any port, with the next one free for the name server.

    Raises ``OSError`` when no pair is free.
    """
    for _ in range(50):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", wanted))
        next_port = listener.getsockname()[1] + 1
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    if kind == socket.SOCK_STREAM:
                        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", next_port))
        except (OSError, OverflowError):
            listener.close()
            if wanted:
                raise OSError(f"port {next_port}, for the market's name server, is taken") from None
            continue
        listener.listen(2048)
        return listener
    raise OSError("no two ports next to each other are free")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 on success."""
    options = _arguments(arguments)
    if options.command == "serve":
        _serve(options)
        return 0
    from sandbox.market import Market

    if options.command == "notify":
        from sandbox.notices import company_notices, send

        pairs = [tuple(pair.split(":", 1)) for pair in options.merged]
        print(send(options.to, company_notices(Market(_config(options)), options.updated, pairs)))
        return 0
    from sandbox.truth import write

    for name, rows in write(Market(_config(options)), options.out).items():
        print(f"{options.out / name}.parquet: {rows} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
