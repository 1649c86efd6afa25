"""Text of others on a terminal: names and sentences from sources are never read as markup.

Rich reads ``[...]`` in a string as its own markup: a company named ``[/]`` would end a command.
"""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from activation.text import clean


def tell(console: Console, text: str, style: str = "") -> None:
    """Print a line as it is, in one style."""
    console.print(text, style=style, markup=False, highlight=False)


def cell(value: object, limit: int | None = None) -> Text:
    """Text of others as a table's cell: on one line, without control characters."""
    return Text(clean(value, limit))


def shown(value: object, limit: int | None = None) -> str:
    """Text of others inside markup of ours."""
    return escape(clean(value, limit))


def credits_used(amount: float) -> str:
    """What asking has cost: "1 credit used"."""
    return f"{amount:g} credit{'' if amount == 1 else 's'} used"
