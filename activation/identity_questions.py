"""What is asked of the published warehouse about who is who: SQL with named parameters (DuckDB)."""

from __future__ import annotations

#: Records that ``$text`` means: a record itself, a key, an id that a company has or had, or a name.
RECORDS = """
with aliases as (
    select company_id from core.company_aliases
    where alias = $key or alias_type || ':' || alias = $key
        or (alias_type = 'name' and lower(alias) = lower($text))
    union
    select company_id from core.companies where company_id = $text or lower(name) = lower($text)
)

select records.*, companies.name as company_name
from core.company_records as records
inner join core.companies as companies using (company_id)
where records.record = $text
    or (
        not exists (select 1 from core.company_records where record = $text)
        and records.company_id in (select company_id from aliases)
    )
order by records.first_seen_at, records.record
"""

#: Pairs between records ``$left`` and records ``$right``, the likeliest first.
LINKS = """
select * from core.company_links
where (left_record in (select unnest($left)) and right_record in (select unnest($right)))
    or (left_record in (select unnest($right)) and right_record in (select unnest($left)))
order by probability desc, left_record, right_record
"""

#: Pairs that wait for a person, the likeliest first.
REVIEW = """
select links.*, one.name as left_name, other.name as right_name
from core.company_links as links
inner join core.company_records as one on links.left_record = one.record
inner join core.company_records as other on links.right_record = other.record
where links.decision = 'review'
order by links.probability desc, links.left_record, links.right_record
limit $top
"""
