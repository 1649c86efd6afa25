"""Running jobs from the command line, with progress, in this process.

The same jobs that schedules and the UI run; runs land in the same Dagster storage, so the UI shows
them too.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestration.history import quick_history
from orchestration.instance import prepare_dagster_home
from orchestration.killed_runs import end_killed_runs, marked_alive
from resources.settings import Settings
from resources.sources.ingestion import Services, open_services
from resources.sources.registry import fetched_days

#: Seconds between two looks at a run's progress.
LOOK_EVERY = 0.4


class Line:
    """The platform's jobs, run here and now."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings = settings
        self.console = console
        prepare_dagster_home(settings)

    @cached_property
    def services(self) -> Services:
        """Lake, state store, quarantine and clock."""
        return open_services(self.settings)

    @cached_property
    def instance(self) -> dg.DagsterInstance:
        """Dagster's storage."""
        return dg.DagsterInstance.get()

    @cached_property
    def definitions(self) -> dg.Definitions:
        """The platform's definitions."""
        from orchestration.definitions import defs

        return defs

    def today(self) -> date:
        """The current day (UTC)."""
        return self.services.clock.today()

    def missing_history(self, today: date, back: Sequence[int]) -> Iterator[date]:
        """Days ``back`` before ``today`` that have no fetch near them yet, oldest first."""
        near = timedelta(days=min(back) // 2)
        fetched = [day for day in fetched_days(self.services.lake) if today - day > near]
        for days in sorted(back, reverse=True):
            wanted = today - timedelta(days=days)
            if not any(abs(wanted - day) <= near for day in fetched):
                yield wanted

    def run_job(self, name: str, title: str, day: date | None = None) -> bool:
        """Run one job, showing its steps; True when it succeeded."""
        from assets.warehouse import FIRST_BUILD, SECOND_BUILD, read_ahead

        job = self.definitions.resolve_job_def(name)
        if {FIRST_BUILD, SECOND_BUILD}.intersection(job.graph.node_names()):
            read_ahead(self.settings)
        run_id = str(uuid.uuid4())
        home = self.settings.home / "dagster"
        running = home / "running"
        end_killed_runs(self.instance, running)
        with (
            _quiet(),
            quick_history(home),
            marked_alive(running, run_id),
            self._progress(title, run_id, len(job.graph.node_names())),
            (home / "line.log").open("a", encoding="utf-8") as log,
            redirect_stdout(log),
        ):
            result = job.execute_in_process(
                instance=self.instance,
                partition_key=day.isoformat() if day else None,
                run_id=run_id,
                raise_on_error=False,
                # The run's log is in Dagster's storage; the terminal shows progress instead.
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        if not result.success:
            self._explain(result)
        return result.success

    def alert(self) -> bool:
        """Let the publication sensor decide, and run what it asks for."""
        from orchestration.sensors import new_publication

        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self._alert_cursor(),
            resources={"platform": self.definitions.resources["platform"]},
        )
        asked = new_publication(context)
        if not asked.run_requests:
            return True
        ok = self.run_job("deliver_alerts", "Delivering alerts")
        if ok and asked.cursor:
            self._alert_cursor_path.write_text(asked.cursor, "utf-8")
        return ok

    @property
    def _alert_cursor_path(self) -> Path:
        return self.settings.home / "dagster" / "alerted_publication"

    def _alert_cursor(self) -> str | None:
        path = self._alert_cursor_path
        return path.read_text("utf-8") if path.exists() else None

    @contextmanager
    def _progress(self, title: str, run_id: str, steps: int) -> Iterator[None]:
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[step]}"),
        )
        done = threading.Event()
        with Progress(*columns, console=self.console, redirect_stdout=False) as progress:
            task = progress.add_task(title, total=steps, step="")

            def look() -> None:
                while not done.wait(LOOK_EVERY):
                    statistics = self.instance.get_run_step_stats(run_id)
                    finished = sum(1 for item in statistics if item.end_time)
                    running = [item.step_key for item in statistics if not item.end_time]
                    progress.update(task, completed=finished, step=running[-1] if running else "")

            watcher = threading.Thread(target=look, daemon=True)
            watcher.start()
            try:
                yield
            finally:
                done.set()
                watcher.join()
                finished = [s for s in self.instance.get_run_step_stats(run_id) if s.end_time]
                progress.update(task, completed=len(finished), step="")

    def _explain(self, result: dg.ExecuteInProcessResult) -> None:
        """Say which step failed and why, or which blocking check held the line."""
        for event in result.all_events:
            if event.is_step_failure:
                error = event.step_failure_data.error
                cause = error.cause or error if error else None
                message = cause.message.strip() if cause else "no message"
                self.console.print(f"[bold red]{event.step_key} failed[/]: {message}", markup=True)
        for evaluation in result.get_asset_check_evaluations():
            if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
                table = evaluation.asset_key.to_user_string()
                self.console.print(
                    f"[bold red]{evaluation.check_name} on {table} holds the line[/]", markup=True
                )
                if evaluation.description:
                    self.console.print(evaluation.description, markup=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries log out of the terminal; the run's log is in Dagster's storage."""
    names = ("dagster", "dagster_dbt", "mlflow", "alembic", "great_expectations", "httpx")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
