"""What a reader says when it cannot read: always a reason a person can act on."""

from __future__ import annotations


class UnreadableError(ValueError):
    """The content cannot be read as what it should be.

    ``rule`` is a short stable name for the kind of fault (used to group quarantined rows),
    ``reason`` says what is wrong and what was expected.
    """

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
