"""Names and sentences of sources on a terminal: shown as they are, never obeyed."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from orchestration.answers.terminal import cell, shown, tell

HOSTILE = ["[/]", "[bold]Acme", "Acme [/red]", "[link=https://bad.example]Acme[/link]", "\\[/]"]


def _console() -> Console:
    return Console(file=io.StringIO(), width=200, color_system=None)


@pytest.mark.parametrize("name", HOSTILE)
def test_brackets_of_a_name_are_printed_and_not_obeyed(name):
    console = _console()
    tell(console, f"{name} is unknown", "red")
    table = Table("name")
    table.add_row(cell(name))
    console.print(table)
    console.print(f"[bold]{shown(name)}[/]")
    printed = console.file.getvalue()
    assert f"{name} is unknown" in printed
    assert printed.count(name) == 3


def test_control_characters_and_length_are_cut():
    assert cell("Acme\x1b[31m\nCorp").plain == "Acme[31m Corp"
    assert shown("abcdef", 4) == "abc…"
