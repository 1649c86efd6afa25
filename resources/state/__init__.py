"""The state store: what the platform must remember between runs and cannot derive from the lake.

SQLite (WAL) by default, PostgreSQL by URL; the same SQLAlchemy Core statements serve both, and
several processes may use it at once. Times are UTC and timezone-aware in Python. Rooms that need
a table of their own declare it on ``metadata`` before ``StateStore`` is opened.

Belongs here: tables, small typed functions over them. Does not belong here: what to do about what
they say (``activation`` decides, ``resources.sources.ingestion`` fetches).
"""

from resources.state.asked import record_asked
from resources.state.cursor_values import delete_cursors, get_cursors, set_cursors
from resources.state.health import (
    SUCCESSFUL,
    HealthDeclaration,
    SourceHealth,
    SourceRun,
    get_circuits,
    record_source_run,
    set_circuits,
    source_health,
)
from resources.state.runs import (
    finish_pipeline_run,
    list_publications,
    record_publication,
    set_publication_status,
    start_pipeline_run,
)
from resources.state.snapshots import SOURCE_HEALTH_SCHEMA, arrow_schema, health_table, snapshot
from resources.state.store import SCHEMA_VERSION, StateStore, StateStoreError
from resources.state.tables import (
    UtcDateTime,
    alert_deliveries,
    asked_companies,
    circuits,
    cursors,
    metadata,
    pipeline_runs,
    publications,
    schema_version,
    source_runs,
)

__all__ = [
    "SCHEMA_VERSION",
    "SOURCE_HEALTH_SCHEMA",
    "SUCCESSFUL",
    "HealthDeclaration",
    "SourceHealth",
    "SourceRun",
    "StateStore",
    "StateStoreError",
    "UtcDateTime",
    "alert_deliveries",
    "arrow_schema",
    "asked_companies",
    "circuits",
    "cursors",
    "delete_cursors",
    "finish_pipeline_run",
    "get_circuits",
    "get_cursors",
    "health_table",
    "list_publications",
    "metadata",
    "pipeline_runs",
    "publications",
    "record_asked",
    "record_publication",
    "record_source_run",
    "schema_version",
    "set_circuits",
    "set_cursors",
    "set_publication_status",
    "snapshot",
    "source_health",
    "source_runs",
    "start_pipeline_run",
]
