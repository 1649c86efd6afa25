"""Postings of the board vendors, and since when each is gone."""

from __future__ import annotations

import orjson
import pandas as pd

from benchmarks.pandas_pipeline.reading import Input, newest_rows

VENDORS = ("greenhouse", "lever", "ashby", "workday")


def postings(data: Input) -> pd.DataFrame:
    """The newest version of every posting, and since when it is closed."""
    versions = pd.concat([_jobs(data, vendor) for vendor in VENDORS], ignore_index=True)
    versions["first_fetched_at"] = versions.groupby(["source", "record_id"])[
        "fetched_at"
    ].transform("min")
    latest = newest_rows(versions, ["source", "record_id"])
    latest = latest.merge(_closures(data), on=["source", "record_id"], how="left")
    titles = data.detections("job_titles").groupby("title", as_index=False)[["level", "department"]]
    latest = latest.merge(titles.max(), on="title", how="left", suffixes=("_stated", ""))
    fields = ["source", "record_id", "payload_sha256", "department", "seniority", "city", "country"]
    read = data.detections("job_postings")[fields]
    keys = ["source", "record_id", "payload_sha256"]
    read = read.drop_duplicates(keys).rename(columns={"department": "department_read"})
    latest = latest.merge(read, on=keys, how="left")
    latest["stated_department"] = latest["department_stated"].str.lower()
    latest["department"] = (
        latest["department"].fillna(latest["department_read"]).fillna(latest["stated_department"])
    )
    return latest


def _jobs(data: Input, vendor: str) -> pd.DataFrame:
    frame = data.lake(vendor, "jobs", ["payload"])
    parsed = [orjson.loads(payload) for payload in frame.pop("payload")]
    if vendor == "greenhouse":
        rows = [
            (j.get("title"), (j.get("departments") or [{}])[0].get("name"),
             (j.get("location") or {}).get("name"), j.get("first_published"), j.get("absolute_url"))
            for j in parsed
        ]  # fmt: skip
    elif vendor == "lever":
        rows = [
            (j.get("text"), j["categories"].get("department"), j["categories"].get("location"),
             j.get("createdAt"), j.get("hostedUrl"))
            for j in parsed
        ]  # fmt: skip
    elif vendor == "workday":
        rows = [
            (j.get("title"), None, j.get("location"), j.get("startDate"), j.get("externalUrl"))
            for j in (page["jobPostingInfo"] for page in parsed)
        ]
    else:
        rows = [
            (j.get("title"), j.get("department"), j.get("location"), j.get("publishedAt"),
             j.get("jobUrl"))
            for j in parsed
        ]  # fmt: skip
    names = ["title", "department", "location", "published_at", "job_url"]
    read = pd.DataFrame(rows, columns=names, index=frame.index)
    read["title"] = read["title"].str.strip()
    if vendor == "lever":
        read["published_at"] = pd.to_datetime(read["published_at"], unit="ms")
    else:
        moments = pd.to_datetime(read["published_at"], utc=True, format="ISO8601")
        read["published_at"] = moments.dt.tz_localize(None)
    read[["department", "location", "job_url"]] = read[
        ["department", "location", "job_url"]
    ].replace("", None)
    frame = pd.concat([frame, read], axis=1)
    frame["board_token"] = frame["record_id"].str.partition("/")[0]
    frame["board_key"] = vendor + ":" + frame["board_token"]
    return frame


def _closures(data: Input) -> pd.DataFrame:
    """When each job that is gone was first missing from its board."""
    boards = []
    for vendor in VENDORS:
        frame = data.lake(vendor, "boards", ["payload"])
        frame["job_id"] = [list(orjson.loads(p)["jobs"]) for p in frame.pop("payload")]
        boards.append(frame)
    manifests = pd.concat(boards, ignore_index=True)
    manifests["day"] = manifests["fetched_at"].dt.normalize()
    manifests = newest_rows(manifests, ["source", "record_id", "day"])
    manifests = manifests.sort_values(["source", "record_id", "day"])
    board = manifests.groupby(["source", "record_id"])
    manifests["next_fetched_at"] = board["fetched_at"].shift(-1)
    open_jobs = manifests.explode("job_id").dropna(subset=["job_id"])
    # The last manifest that shows a job decides: with one after it, the job is gone.
    last = open_jobs.sort_values("day").drop_duplicates(
        ["source", "record_id", "job_id"], keep="last"
    )
    return pd.DataFrame(
        {
            "source": last["source"],
            "record_id": last["record_id"] + "/" + last["job_id"],
            "closed_known_at": last["next_fetched_at"],
        }
    )
