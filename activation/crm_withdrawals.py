"""What a CRM was given and is an opportunity no longer: taken back, so that nothing stays doubled.

An opportunity goes where a reviewer drops it, its sources are set aside, or it turns out to be one
with another, whose name it then leads to. A record that we made in the CRM is closed as lost and
says why (nothing is deleted: what was written to it stays, and an opportunity that comes back is
told by the same external id). A record that was the CRM's own is left as it is; it only gives up
our external id, unless another opportunity takes it over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activation.crm_export import API_NAMES, BATCH, CSV_HEADERS, Crm, CrmTarget, Record

#: What a record that was taken back has for a fingerprint, before the name that it leads to.
WITHDRAWN = "withdrawn:"


@dataclass(frozen=True)
class Withdrawal:
    """One record that is taken back."""

    external_id: str
    #: The CRM's own id where the record was its own; None for one that we made.
    crm_id: str | None
    #: Opportunity that it is one with; None where there is none any more.
    merged_into: str | None

    @property
    def fingerprint(self) -> str:
        """What is kept of it, so that it is taken back once."""
        return f"{WITHDRAWN}{self.merged_into or ''}"

    @property
    def reason(self) -> str:
        """Why, in words for the CRM's users."""
        if self.merged_into:
            return f"Withdrawn: one with {self.merged_into}."
        return "Withdrawn: no opportunity any more."


def withdrawals_of(
    given: Mapping[str, str | None],
    existing: Collection[str],
    aliases: Mapping[str, str],
) -> list[Withdrawal]:
    """Records that are no opportunity any more, by external id.

    ``given`` is the CRM's own id (None: we made it) of each record given so far; ``existing`` are
    today's opportunities, ``aliases`` their former names. Where there is no opportunity at all,
    nothing was joined, and nothing is taken back.
    """
    if not existing:
        return []
    return [
        Withdrawal(key, given[key], aliases.get(key))
        for key in sorted(given)
        if key not in existing
    ]


def not_yet(withdrawals: Iterable[Withdrawal], exported: Mapping[str, str]) -> list[Withdrawal]:
    """Those that were not taken back before, by the fingerprints of what was given last."""
    return [w for w in withdrawals if exported.get(w.external_id) != w.fingerprint]


def withdrawal_file(withdrawals: Sequence[Withdrawal], crm: Crm, target: CrmTarget) -> str:
    """A CSV file with one record a line: what to do with it, and the fields to import."""
    headers = CSV_HEADERS[crm]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            headers["crm_id"], target.external_id, headers["stage"], headers["description"],
            "What to do",
        ]
    )  # fmt: skip
    for one in withdrawals:
        if one.crm_id:
            writer.writerow([one.crm_id, one.external_id, "", "", "Empty the external id"])
        else:
            writer.writerow(["", one.external_id, target.stages["lost"], one.reason, "Close"])
    return out.getvalue()


def withdrawal_requests(
    withdrawals: Sequence[Withdrawal], crm: Crm, target: CrmTarget, taken: Iterable[Record] = ()
) -> list[tuple[str, dict[str, Any]]]:
    """The bodies of the API's requests, each with the method and path that it is for.

    ``taken`` are today's records: a record of the CRM's own among them has a new external id.
    """
    owned = {record.crm_id for record in taken if record.crm_id}
    freed = [w for w in withdrawals if w.crm_id and w.crm_id not in owned]
    closed = [w for w in withdrawals if not w.crm_id]
    build = _salesforce if crm == "salesforce" else _hubspot
    found = []
    for some in (freed, closed):
        for start in range(0, len(some), BATCH[crm]):
            found.append(build(some[start : start + BATCH[crm]], target))
    return found


def _closing(one: Withdrawal, crm: Crm, target: CrmTarget) -> dict[str, str]:
    names = API_NAMES[crm]
    return {names["stage"]: target.stages["lost"], names["description"]: one.reason}


def _salesforce(some: Sequence[Withdrawal], target: CrmTarget) -> tuple[str, dict[str, Any]]:
    attributes = {"attributes": {"type": "Opportunity"}}
    if some[0].crm_id:
        records = [{**attributes, "id": w.crm_id, target.external_id: None} for w in some]
        return "PATCH composite/sobjects", {"allOrNone": False, "records": records}
    records = [
        {**attributes, target.external_id: w.external_id, **_closing(w, "salesforce", target)}
        for w in some
    ]
    path = f"PATCH composite/sobjects/Opportunity/{target.external_id}"
    return path, {"allOrNone": False, "records": records}


def _hubspot(some: Sequence[Withdrawal], target: CrmTarget) -> tuple[str, dict[str, Any]]:
    inputs: list[dict[str, Any]] = []
    for one in some:
        if one.crm_id:
            inputs.append({"id": one.crm_id, "properties": {target.external_id: ""}})
        else:
            inputs.append(
                {
                    "idProperty": target.external_id,
                    "id": one.external_id,
                    "properties": _closing(one, "hubspot", target),
                }
            )
    return "POST crm/v3/objects/deals/batch/update", {"inputs": inputs}
