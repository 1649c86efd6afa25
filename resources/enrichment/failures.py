"""What a question that brought no answer means for its credits and for the rest of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resources.enrichment.ledger import Outcome
from resources.enrichment.providers.base import OutOfCreditsError, WithheldError
from resources.http import (
    BadResponseError,
    PermanentError,
    RefusedError,
    SourceError,
    UnansweredError,
)

#: What readers of answers raise for a shape that none of them foresaw.
UNFORESEEN = (AttributeError, KeyError, TypeError, ValueError, IndexError)


@dataclass(frozen=True)
class Failure:
    """A question without an answer.

    ``settled`` is the outcome that is kept as the answer for its lifetime, since asking again would
    bring the same; None when the question may be asked again.
    ``credits``: ``none`` were charged, they ``may`` have been, or all must be taken as charged.
    ``ends_run``: nothing more is asked of this provider in this run.
    """

    outcome: str
    detail: str
    settled: Outcome | None = None
    credits: Literal["none", "may", "all"] = "none"
    ends_run: bool = False


def failure_of(error: Exception, source: str) -> Failure:
    """The failure that an error of asking ``source`` is.

    Raises the error itself when it is none that a vendor can cause.
    """
    said = str(error)
    match error:
        case OutOfCreditsError():
            return Failure("out_of_credits", said, ends_run=True)
        case RefusedError() if source != "company_site":
            return Failure("key_refused", said, ends_run=True)
        case WithheldError():
            return Failure("withheld", said, settled="withheld")
        case BadResponseError():
            return Failure("wrong_shape", said, settled="wrong_shape", credits="all")
        case UnansweredError():
            return Failure("in_doubt", said, credits="may")
        case PermanentError():
            # One site that refuses readers says nothing about the next one.
            return Failure("rejected", said, settled="rejected")
        case SourceError():
            return Failure("down", said)
        case _ if isinstance(error, UNFORESEEN):
            detail = f"{source}: the answer is not as documented ({type(error).__name__}: {error})"
            return Failure("wrong_shape", detail, settled="wrong_shape", credits="all")
    raise error
