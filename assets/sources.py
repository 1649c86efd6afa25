"""Lake streams as assets: one op per source, one asset per stream, one partition per fetch day.

A source that fails does not fail its op: what was read before is stored, the failure is a red
(non-blocking) check and a row of ``operations.source_health``, and every other source runs on.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from assets.common import DAILY, OWNERS, Platform, table_metadata
from assets.people_search import search_people
from resources.mapped.record_types import RECORD_TYPES, STREAM_PREFIX
from resources.sources.ingestion import IngestReport, Services, ingest
from resources.sources.registry import (
    MAPPED_STREAMS,
    STORING_CONNECTORS,
    STREAMS,
    all_streams,
    declared_sources,
)

#: Streams that name the companies the other sources are asked about.
TARGET_STREAMS = (("company_list", "companies"), ("crm", "accounts"))
#: Sources that are asked about a list of companies.
TARGETED_SOURCES = (
    "sec_edgar", "greenhouse", "lever", "ashby", "workday", "adzuna", "company_site",
    "leadership_pages", "coresignal", "newsapi", "google_news", "dns", "builtwith",
)  # fmt: skip

STREAM_DESCRIPTIONS = {
    ("company_list", "companies"): "One record per company the user wants to watch, per version.",
    ("crm", "accounts"): "One record per CRM account and version of its row.",
    ("crm", "contacts"): "One record per CRM contact and version of its row.",
    ("crm", "opportunities"): "One record per CRM opportunity and version of its row.",
    ("sec_edgar", "companies"): "One record per SEC registrant and version of its profile.",
    ("sec_edgar", "form_d"): "One record per Form D or D/A filing, with the XML.",
    ("sec_edgar", "form_8k"): "One record per 8-K filing, with the document.",
    ("crunchbase", "funding_rounds"): "One record per funding round and version of its entry.",
    ("greenhouse", "jobs"): "One record per Greenhouse posting and version of its content.",
    ("greenhouse", "boards"): "One record per Greenhouse board and fetch: what was open then.",
    ("lever", "jobs"): "One record per Lever posting and version of its content.",
    ("lever", "boards"): "One record per Lever board and fetch: what was open then.",
    ("ashby", "jobs"): "One record per Ashby posting and version of its content.",
    ("ashby", "boards"): "One record per Ashby board and fetch: what was open then.",
    ("workday", "jobs"): "One record per Workday posting and version of its own page.",
    ("workday", "boards"): "One record per Workday site and fetch: what was open then.",
    ("adzuna", "jobs"): "One record per search result of Adzuna and version of it.",
    ("usajobs", "jobs"): "One record per position of the US government and version of it.",
    ("company_site", "pages"): "One record per home page and scan, with headers and HTML.",
    ("leadership_pages", "pages"): "One record per company's leadership page and reading.",
    (
        "dns",
        "records",
    ): "One record per domain and scan: mail, text, name server and alias records.",
    ("builtwith", "profiles"): "One record per domain and version of its BuiltWith profile.",
    ("coresignal", "employees"): "One record per employee and version of the positions.",
    ("coresignal", "companies"): "One record per company that Coresignal told of, and version.",
    ("press", "articles"): "One record per feed entry and version, per outlet.",
    ("newsapi", "articles"): "One record per article that names a watched company, per version.",
    ("google_news", "articles"): "One record per watched company and headline that names it.",
}


#: Name under which the mapped records of all file drops stand in the graph.
MAPPED = "mapped"


def lake_key(source: str, stream: str) -> dg.AssetKey:
    """Asset key of a lake stream; the mapped records of all sources share one a record type."""
    if source in (MAPPED, "*"):
        return mapped_key(stream.removeprefix(STREAM_PREFIX))
    return dg.AssetKey(["lake", source, stream])


def lake_keys_of(source: str, stream: str) -> list[dg.AssetKey]:
    """Asset keys of what a reader reads: a stream of one source, or ("*") of all that have it."""
    if source != "*" or stream.startswith(STREAM_PREFIX):
        return [lake_key(source, stream)]
    having = {**STREAMS, **declared_sources(*STORING_CONNECTORS)}
    return [lake_key(name, stream) for name, streams in having.items() if stream in streams]


def mapped_key(plural: str) -> dg.AssetKey:
    """Asset key of the mapped records of one type."""
    return dg.AssetKey(["lake", MAPPED, plural])


def lake_keys() -> list[dg.AssetKey]:
    """Asset keys of everything the lake holds, each once."""
    own = [lake_key(source, stream) for source, stream in all_streams()]
    kept = [
        lake_key(source, stream)
        for source, streams in declared_sources(*STORING_CONNECTORS).items()
        for stream in streams
        if not stream.startswith(STREAM_PREFIX)
    ]
    return own + kept + [mapped_key(plural) for plural in MAPPED_STREAMS]


def mapped_source_keys() -> list[dg.AssetKey]:
    """Asset keys of all that the op for mapped and merely declared sources writes."""
    return [key for key in lake_keys() if tuple(key.path[1:]) not in set(all_streams())]


def source_asset(source: str) -> dg.AssetsDefinition:
    """The op that fetches one source into its streams."""
    deps = [lake_key(*stream) for stream in TARGET_STREAMS] if source in TARGETED_SOURCES else []
    if source == "leadership_pages":
        # Its links are looked for on the home pages of the day.
        deps.append(lake_key("company_site", "pages"))
    specs = [
        dg.AssetSpec(
            lake_key(source, stream),
            deps=deps,
            description=f"{STREAM_DESCRIPTIONS[source, stream]} Grain: record, content version.",
            group_name="lake",
            kinds={"http", "parquet"},
            owners=OWNERS,
            partitions_def=DAILY,
        )
        for stream in STREAMS[source]
    ]
    check = dg.AssetCheckSpec(
        "source_answered",
        asset=specs[-1].key,
        description=f"Guards that {source} answered on its day; its failure harms no other source.",
    )

    @dg.multi_asset(name=f"ingest_{source}", specs=specs, check_specs=[check])
    def ingest_source(context: dg.AssetExecutionContext, platform: Platform) -> Iterator:
        report = ingest(source, date.fromisoformat(context.partition_key), platform.services)
        context.log.info(summary(report))
        for stream in STREAMS[source]:
            yield dg.MaterializeResult(
                asset_key=lake_key(source, stream),
                metadata={
                    **table_metadata(
                        rows=report.new_rows.get(stream, 0),
                        size=report.bytes,
                        seconds=report.seconds,
                    ),
                    "status": report.status,
                    "requests": report.requests,
                    "cache_hits": report.cache_hits,
                    "retries": report.retries,
                    "rejected": report.rejected,
                    "failed_targets": report.failed_targets,
                    **({"error": report.error} if report.error else {}),
                },
            )
        yield dg.AssetCheckResult(
            check_name="source_answered",
            asset_key=specs[-1].key,
            passed=report.status not in ("failed", "not_configured"),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"status": report.status, "error": report.error or ""},
        )

    return ingest_source


def summary(report: IngestReport) -> str:
    """One line on what an ingest did."""
    line = (
        f"{report.source} {report.day}: {report.status}, {report.total_new_rows} new rows, "
        f"{report.requests} requests, {report.rejected} set aside, {report.seconds:.1f} s"
    )
    return f"{line}: {report.error}" if report.error else line


def ingest_mapped(day: date, services: Services) -> dict[str, IngestReport]:
    """Fetch every source that is read by a mapping; what one of them holds harms no other."""
    return {
        name: ingest(name, day, services)
        for name, declaration in services.declarations.sources.items()
        if declaration.connector != "own"
    }


def mapped_asset() -> dg.AssetsDefinition:
    """The op that reads what comes by mapping, and what is asked by declaration alone.

    One op for all: most drops are empty on most days, and a drop of the user's own is a file of
    configuration, no change of the graph.
    """
    # Some are asked about each company, which the lists must name first.
    companies = [lake_key(*stream) for stream in TARGET_STREAMS]
    specs = [
        dg.AssetSpec(
            mapped_key(kind.plural),
            deps=companies,
            description=(
                f"{kind.description} From file drops and webhooks. Grain: record, content version."
            ),
            group_name="lake",
            kinds={"file", "parquet"},
            owners=OWNERS,
            partitions_def=DAILY,
        )
        for kind in RECORD_TYPES.values()
    ]
    for source, streams in declared_sources(*STORING_CONNECTORS).items():
        specs += [
            dg.AssetSpec(
                lake_key(source, stream),
                deps=companies,
                description=f"Records of {source} as they come. Grain: record, content version.",
                group_name="lake",
                kinds={"http", "parquet"},
                owners=OWNERS,
                partitions_def=DAILY,
            )
            for stream in streams
            if not stream.startswith(STREAM_PREFIX)
        ]
    check = dg.AssetCheckSpec(
        "source_answered",
        asset=specs[0].key,
        description=(
            "Guards that every dropped file and event could be read; a bad one harms no other."
        ),
    )

    @dg.multi_asset(name="ingest_mapped_sources", specs=specs, check_specs=[check])
    def ingest_mapped_sources(context: dg.AssetExecutionContext, platform: Platform) -> Iterator:
        day = date.fromisoformat(context.partition_key)
        reports = ingest_mapped(day, platform.services)
        searches = search_people(platform, context.run_id, day)
        failed = {}
        for name, report in reports.items():
            if report.status != "not_configured":
                context.log.info(summary(report))
            if report.status in ("failed", "partial"):
                failed[name] = report.error or report.status
        for kind in RECORD_TYPES.values():
            told = {n: r.new_rows[kind.stream] for n, r in reports.items()
                    if r.new_rows.get(kind.stream)}  # fmt: skip
            if kind.name == "person" and searches:
                told["people_search"] = sum(len(s.people) for s in searches)
            yield dg.MaterializeResult(
                asset_key=mapped_key(kind.plural),
                metadata={
                    **table_metadata(
                        rows=sum(told.values()), seconds=sum(r.seconds for r in reports.values())
                    ),
                    "by_source": dg.MetadataValue.json(told),
                },
            )
        for spec in specs[len(RECORD_TYPES) :]:
            _, source, stream = spec.key.path
            report = reports[source]
            yield dg.MaterializeResult(
                asset_key=spec.key,
                metadata=table_metadata(
                    rows=report.new_rows.get(stream, 0), seconds=report.seconds
                ),
            )
        yield dg.AssetCheckResult(
            check_name="source_answered",
            asset_key=specs[0].key,
            passed=not failed,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"failed": dg.MetadataValue.json(failed)},
        )

    return ingest_mapped_sources


SOURCE_ASSETS = [*(source_asset(source) for source in STREAMS), mapped_asset()]
