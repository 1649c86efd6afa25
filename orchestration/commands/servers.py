"""The Dagster UI, MLflow and the picture of the graph."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.base import app, console
from orchestration.market import settings_in_use
from orchestration.ports import MARKET_PORT, free_port, is_listening
from resources.settings import Settings


@app.command(rich_help_panel="The line")
def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    mlflow_port: Annotated[int, typer.Option(help="Port of MLflow.")] = 5000,
) -> None:
    """Start the Dagster UI and daemon, MLflow and (in the sandbox) the market, until Ctrl-C."""
    from orchestration.instance import prepare_dagster_home
    from sandbox.anchoring import anchor
    from sandbox.process import running_market

    settings = settings_in_use()
    prepare_dagster_home(settings)
    if settings.environment != "sandbox" or "SANDBOX_URL" in os.environ:
        _serve(settings, port, mlflow_port)
        return
    from resources.clock import utc_now

    market = anchor(settings.home, utc_now().date())
    with running_market(
        **market.arguments(), home=settings.home, port=free_port(MARKET_PORT)
    ) as url:
        os.environ["SANDBOX_URL"] = url
        _serve(settings, port, mlflow_port)


def _serve(settings: Settings, port: int, mlflow_port: int) -> None:
    """Run the servers until interrupted, then end exactly those."""
    binaries = Path(sys.executable).parent
    settings.mlflow_artifacts.mkdir(parents=True, exist_ok=True)
    # One worker and no job runner: two processes and 0.5 GB instead of fifteen and 2.5 GB.
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    commands = [
        [binaries / "dagster", "dev", "-w", "workspace.yaml", "--port", str(port)],
        [
            binaries / "mlflow", "server", "--workers", "1", "--port", str(mlflow_port),
            "--host", "127.0.0.1", "--backend-store-uri", settings.mlflow,
            "--artifacts-destination", str(settings.mlflow_artifacts),
        ],
    ]  # fmt: skip
    for name, number in (("Dagster", port), ("MLflow", mlflow_port)):
        if is_listening(number):
            console.print(f"[red]Port {number} is taken; choose another one for {name}.[/]")
            raise typer.Exit(1)
    console.print(f"Dagster on http://localhost:{port}, MLflow on http://localhost:{mlflow_port}")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    children = [subprocess.Popen([str(part) for part in c], env=environment) for c in commands]
    try:
        for child in children:
            child.wait()
    except KeyboardInterrupt:
        console.print("Stopping.")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=30)


@app.command(rich_help_panel="The line")
def picture() -> None:
    """Print the asset graph as a Mermaid picture, one box a group."""
    from orchestration.definitions import defs
    from orchestration.picture import group_graph

    print(group_graph(defs))
