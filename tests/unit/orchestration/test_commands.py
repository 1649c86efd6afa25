"""The command line: every command has its place in the help, and faults end with what to change."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from orchestration.commands import app, base, main
from resources.config_errors import ConfigurationError
from resources.publication import PublicationError
from resources.state import StateStoreError


def test_every_command_stands_in_a_panel_of_the_help_and_says_what_it_does():
    commands = [*app.registered_commands, *app.registered_groups]
    assert len(commands) > 20
    for command in commands:
        assert isinstance(command.rich_help_panel, str), command.name
    help_text = CliRunner().invoke(app, ["--help"]).output
    for panel in ("The line", "Leads", "People", "Sources", "Publications", "Enrichment"):
        assert f" {panel} " in help_text


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--day", "2026-02-30"],
        ["rebuild", "yesterday"],
        ["why", "acme.example", "--since", "1.4.2026"],
        ["opportunities", "sync", "--day", "today"],
        ["identity", "decide", "merge", "a", "b", "--reason", "r", "--since", "now"],
    ],
)
def test_what_is_no_day_is_refused_before_anything_runs(arguments):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "is no day; write it as 2026-04-01" in " ".join(result.output.replace("│", "").split())


@pytest.mark.parametrize("kind", [ConfigurationError, PublicationError, StateStoreError])
def test_what_a_user_can_mend_ends_with_its_message(monkeypatch, capsys, kind):
    broken = typer.Typer()

    @broken.command()
    def ask() -> None:
        raise kind("config/[sources].yaml: sources.press needs 'terms'")

    monkeypatch.setattr(base, "app", broken)
    monkeypatch.setattr(base, "console", base.console.__class__(width=100))
    monkeypatch.setattr("sys.argv", ["orchestration"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().out == "config/[sources].yaml: sources.press needs 'terms'\n"


def test_asking_the_publication_loads_neither_dagster_nor_dbt():
    asking = (
        "one_lead role_finder buying_group outlook opportunity_view opportunity_care who_is_who"
    )
    imports = ", ".join(f"orchestration.answers.{name}" for name in asking.split())
    loaded = "print({'dagster', 'dbt'} & set(sys.modules))"
    code = f"import sys, orchestration.commands, {imports}; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
