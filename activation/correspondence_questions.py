"""What is asked of the published manifest of correspondence, as SQL with named parameters."""

from __future__ import annotations

#: Items by source, outcome and reader. ``$source`` and ``$outcome`` may be null: all.
COUNTS = """
select
    source,
    stream,
    outcome,
    reader,
    reader_version,
    count(*) as items,
    max(fetched_at) as last_fetched_at
from operations.correspondence_manifest
where ($source is null or source = $source) and ($outcome is null or outcome = $outcome)
group by all
order by source, stream, outcome, reader, reader_version
"""

#: The latest items. ``$source`` and ``$outcome`` may be null: all; ``$top`` is how many.
ITEMS = """
select
    source,
    stream,
    record_id,
    item_id,
    outcome,
    reader,
    reader_version,
    verdict,
    reason,
    source_url,
    observed_at,
    fetched_at,
    payload_sha256
from operations.correspondence_manifest
where ($source is null or source = $source) and ($outcome is null or outcome = $outcome)
order by fetched_at desc, source, stream, record_id
limit $top
"""
