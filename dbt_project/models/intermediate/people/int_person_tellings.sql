-- What a source tells of a person at a company: that a position is held, taken or left. Contacts of
-- the CRM, exports, profiles, leadership pages, what filings and news announce, and who deals with us, in
-- one shape.
with move_titles as (
    select job_title as title, max(level) as level, max(department) as department
    from {{ ref('stg_detections__employee_moves') }}
    group by job_title
),

-- A contact that moves to another account left the one before when the CRM first said so.
contacts as (
    select
        *,
        min(fetched_at) over by_account as known_at,
        row_number() over (by_account order by fetched_at desc, payload_sha256) as newest,
        lead(fetched_at) over (by_record order by fetched_at, payload_sha256 desc) as next_fetched_at
    from {{ ref('stg_crm__contacts') }}
    where first_name is not null or last_name is not null
    window
        by_account as (partition by record_id, account_id),
        by_record as (partition by record_id)
),

from_crm as (
    select {{ person_telling_columns({
        'person_record': "'crm|' || contacts.record_id", 'source': "'crm'", 'record_id': 'contacts.record_id',
        'source_url': 'contacts.source_url', 'company_id': 'lookup.company_id',
        'full_name': "trim(concat_ws(' ', contacts.first_name, contacts.last_name))",
        'title': 'contacts.title', 'level': 'titles.level', 'department': 'titles.department',
        'email': 'lower(contacts.email)', 'phone': 'contacts.phone', 'linkedin_url': 'contacts.linkedin_url',
        'is_left': 'contacts.next_fetched_at is not null',
        'left_known_at': 'contacts.next_fetched_at', 'known_by': "'contact'",
        'told_on': 'contacts.created_on', 'known_at': 'contacts.known_at', 'confidence': '0.9',
        'evidence': "'Contact of the CRM' || coalesce(': ' || contacts.title, '')", 'source_rank': '1'
    }) }}
    from contacts
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'crm' and contacts.account_id = lookup.key and lookup.company_count = 1
    left join {{ ref('int_title_readings') }} as titles on contacts.title = titles.title
    where contacts.newest = 1
),

-- Lists number their rows anew: an id that somebody of another first name and surname bears by now says
-- nothing of whom it stood for before.
named as (
    select
        *,
        {{ person_name_key('full_name') }} as name_key,
        first({{ person_name_key('full_name') }}) over (
            partition by source, record_id order by fetched_at, observed_at, payload_sha256 desc
        ) as first_name_key
    from {{ ref('int_mapped_people') }}
),

borne as (
    select
        * exclude (name_key, first_name_key),
        case
            when split_part(name_key, ' ', 1) <> split_part(first_name_key, ' ', 1)
                and split_part(name_key, ' ', -1) <> split_part(first_name_key, ' ', -1)
                and split_part(name_key, ' ', 1) <> split_part(first_name_key, ' ', -1)
            then '|' || name_key else ''
        end as bearer
    from named
),

exported as (
    select
        *,
        min(fetched_at) over by_company as known_at,
        row_number() over (by_company order by fetched_at desc, observed_at desc, payload_sha256) as newest,
        lead(fetched_at) over (
            partition by source, record_id, bearer order by fetched_at, observed_at, payload_sha256 desc
        ) as next_fetched_at
    from borne
    window by_company as (partition by source, record_id, bearer, company_id)
),

from_exports as (
    select {{ person_telling_columns({
        'person_record': "source || '|' || record_id || bearer", 'source': 'source', 'record_id': 'record_id',
        'source_url': 'source_url', 'company_id': 'company_id', 'full_name': 'full_name',
        'title': 'job_title', 'level': 'level', 'department': 'department', 'email': 'lower(email)',
        'phone': 'phone', 'linkedin_url': 'linkedin_url',
        'started_on': 'started_on', 'start_precision': "case when started_on is not null then coalesce(date_precision, 'day') end",
        'ended_on': 'ended_on', 'end_precision': "case when ended_on is not null then coalesce(date_precision, 'day') end",
        'is_left': 'not (is_current and next_fetched_at is null)',
        'left_known_at': 'case when is_current then next_fetched_at else fetched_at end', 'known_by': "'export'",
        'told_on': 'cast(observed_at as date)', 'known_at': 'known_at', 'confidence': 'coalesce(confidence, 0.8)',
        'evidence': "coalesce(job_title, 'Position not named') || coalesce(' at ' || company_name, '') || coalesce(' since ' || started_on, '') || coalesce(' until ' || ended_on, '')",
        'source_rank': '2'
    }) }}
    from exported
    where newest = 1 and company_id is not null
),

-- Of a profile the newest version counts, with the day on which each position was first read so.
positions as (
    {{ with_company('(
        select
            positions.*,
            min(fetched_at) over by_position as known_at,
            min(case when not is_active then fetched_at end) over by_position as left_known_at,
            dense_rank() over (partition by source, record_id order by fetched_at desc, payload_sha256) as newest
        from ' ~ ref('stg_coresignal__positions') ~ ' as positions
        where full_name is not null and company_name is not null
        window by_position as (partition by source, record_id, company_name, job_title, started_on)
    )', {'domain': 'rows.company_domain', 'name': 'rows.company_name'}) }}
),

-- A position given up for another one at the same company is no departure.
stays as (
    select *, bool_or(is_active) over (partition by source, record_id, company_id) as is_there
    from positions
    where newest = 1 and company_id is not null and not is_deleted
),

from_profiles as (
    select {{ person_telling_columns({
        'person_record': "stays.source || '|' || stays.record_id", 'source': 'stays.source', 'record_id': 'stays.record_id',
        'source_url': 'stays.source_url', 'company_id': 'stays.company_id', 'full_name': 'stays.full_name',
        'title': 'stays.job_title', 'level': 'coalesce(titles.level, move_titles.level)',
        'department': 'coalesce(titles.department, move_titles.department)', 'linkedin_url': 'stays.linkedin_url',
        'started_on': 'stays.started_on', 'start_precision': 'stays.start_precision',
        'ended_on': 'case when not stays.is_there then stays.ended_on end',
        'end_precision': 'case when not stays.is_there then stays.end_precision end',
        'is_left': 'not stays.is_there', 'left_known_at': 'case when not stays.is_there then stays.left_known_at end', 'known_by': "'profile'",
        'told_on': 'cast(stays.observed_at as date)', 'known_at': 'stays.known_at', 'confidence': '0.9',
        'evidence': "coalesce(stays.job_title, 'Position not named') || ' at ' || stays.company_name || coalesce(' since ' || " ~ iso_month('stays.started_on') ~ ", '') || case when stays.is_active then '' else coalesce(' until ' || " ~ iso_month('stays.ended_on') ~ ", ', left') end",
        'source_rank': '2'
    }) }}
    from stays
    left join {{ ref('int_title_readings') }} as titles on stays.job_title = titles.title
    left join move_titles on stays.job_title = move_titles.title
),

shown as (
    select
        domain,
        {{ person_name_key('person_name') }} as name_key,
        {% for field in ['source', 'record_id', 'person_name', 'job_title', 'level', 'department', 'reader_confidence', 'evidence'] %}
        first({{ field }} order by fetched_at desc, record_id, detection_id) as {{ field }},
        {% endfor %}
        first(coalesce(page_url, source_url) order by fetched_at desc, record_id, detection_id) as page_url,
        min(fetched_at) as known_at,
        max(fetched_at) as last_read_at
    from {{ ref('stg_detections__leadership_entries') }}
    where not is_board_only and domain is not null
    group by domain, {{ person_name_key('person_name') }}
),

from_pages as (
    select {{ person_telling_columns({
        'person_record': "shown.source || '|' || shown.domain || '|' || shown.name_key", 'source': 'shown.source', 'record_id': 'shown.record_id',
        'source_url': 'shown.page_url', 'company_id': 'lookup.company_id', 'full_name': 'shown.person_name',
        'title': 'shown.job_title', 'level': 'shown.level', 'department': 'shown.department',
        'is_left': 'false', 'known_by': "'leadership_page'", 'told_on': 'cast(shown.last_read_at as date)',
        'known_at': 'shown.known_at', 'confidence': 'shown.reader_confidence', 'evidence': 'shown.evidence', 'source_rank': '2'
    }) }}
    from shown
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and shown.domain = lookup.key and lookup.company_count = 1
    where shown.name_key is not null
),

-- Two readings of a page say between which days somebody came or went.
from_page_changes as (
    select {{ person_telling_columns({
        'person_record': "changes.source || '|' || changes.domain || '|' || changes.person_key", 'source': 'changes.source', 'record_id': 'changes.record_id',
        'source_url': 'coalesce(changes.page_url, changes.source_url)', 'company_id': 'lookup.company_id', 'full_name': 'changes.person_name',
        'title': 'changes.job_title', 'level': 'changes.level', 'department': 'changes.department',
        'started_on': "case when changes.change_type = 'new_hire' then changes.read_on end",
        'start_precision': "case when changes.change_type = 'new_hire' then 'between_readings' end",
        'ended_on': "case when changes.direction = 'outgoing' then changes.read_on end",
        'end_precision': "case when changes.direction = 'outgoing' then 'between_readings' end",
        'is_left': "changes.direction = 'outgoing'",
        'left_known_at': "case when changes.direction = 'outgoing' then changes.fetched_at end", 'known_by': "'leadership_page'",
        'told_on': 'changes.read_on', 'known_at': 'changes.fetched_at', 'confidence': 'changes.reader_confidence',
        'evidence': 'changes.evidence', 'source_rank': '3'
    }) }}
    from {{ ref('int_leadership_changes') }} as changes
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and changes.domain = lookup.key and lookup.company_count = 1
    where changes.person_key is not null and not changes.is_board_only
),

announced as (
    select
        mentions.*,
        companies.company_id,
        {{ person_name_key('mentions.person_name') }} as name_key,
        coalesce(mentions.effective_on, mentions.occurred_on) as changed_on
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
    where mentions.signal_type = 'executive_change' and mentions.person_name is not null
        and mentions.reject_reason is null
        -- Profiles and pages speak for themselves above.
        and coalesce(mentions.detection_method, '') not in ('profile', 'leadership_page')
),

from_announcements as (
    select {{ person_telling_columns({
        'person_record': "concat_ws('|', source, record_id, name_key)", 'source': 'source', 'record_id': 'record_id',
        'source_url': 'source_url', 'company_id': 'company_id', 'full_name': 'person_name',
        'title': 'job_title', 'level': 'level', 'department': 'department',
        'started_on': "case when direction <> 'outgoing' and change_type = 'new_hire' then changed_on end",
        'start_precision': "case when direction <> 'outgoing' and change_type = 'new_hire' then coalesce(date_precision, 'day') end",
        'ended_on': "case when direction = 'outgoing' then changed_on end",
        'end_precision': "case when direction = 'outgoing' then coalesce(date_precision, 'day') end",
        'is_left': "coalesce(direction = 'outgoing', false)",
        'left_known_at': "case when direction = 'outgoing' then detected_at end", 'known_by': "'announcement'",
        'told_on': 'occurred_on', 'known_at': 'detected_at', 'confidence': 'reader_confidence',
        'evidence': 'evidence', 'source_rank': '3'
    }) }}
    from announced
    where name_key is not null
),

-- Where an announcement or an export names the employer before, the person was there and has left.
earlier as (
    select
        concat_ws('|', source, record_id, name_key) as person_record, source, record_id, source_url,
        person_name as full_name, cast(null as varchar) as title,
        unnest({{ json_list('earlier_companies', '$') }}) as company_name,
        occurred_on as told_on, detected_at as known_at, reader_confidence as confidence, evidence
    from announced
    where earlier_companies is not null
    union all
    select
        source || '|' || record_id || bearer, source, record_id, source_url, full_name, previous_title, previous_company,
        cast(observed_at as date), first_seen_at, coalesce(confidence, 0.8),
        coalesce(previous_title || ' at ', 'Before at ') || previous_company
    from borne
    where is_latest and previous_company is not null
),

from_earlier as (
    select {{ person_telling_columns({
        'person_record': 'earlier.person_record', 'source': 'earlier.source', 'record_id': 'earlier.record_id',
        'source_url': 'earlier.source_url', 'company_id': 'lookup.company_id', 'full_name': 'earlier.full_name', 'title': 'earlier.title',
        'is_left': 'true', 'left_known_at': 'earlier.known_at', 'known_by': "'earlier_employer'", 'told_on': 'earlier.told_on',
        'known_at': 'earlier.known_at', 'confidence': '0.8 * earlier.confidence', 'evidence': 'earlier.evidence', 'source_rank': '4'
    }) }}
    from earlier
    inner join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'name' and {{ company_name_key('earlier.company_name') }} = lookup.key and lookup.company_count = 1
),

-- Who visits us or answers under a name is there; an address of the company says so more surely.
dealing as (
    select
        company_id,
        person_email,
        split_part(person_email, '@', 2) as mail_domain,
        {{ person_name_key('person_name') }} as name_key,
        {% for field in ['source', 'record_id', 'source_url', 'person_name', 'label'] %}
        first({{ field }} order by occurred_at desc, engagement_id) as {{ field }},
        {% endfor %}
        min(detected_at) as known_at,
        cast(max(occurred_at) as date) as last_on
    from {{ ref('int_engagement_events') }}
    where company_id is not null and person_name is not null
    group by company_id, person_email, {{ person_name_key('person_name') }}
),

from_engagement as (
    select {{ person_telling_columns({
        'person_record': "concat_ws('|', 'engagement', coalesce(dealing.person_email, dealing.company_id), dealing.name_key)",
        'source': 'dealing.source', 'record_id': 'dealing.record_id', 'source_url': 'dealing.source_url',
        'company_id': 'dealing.company_id', 'full_name': 'dealing.person_name', 'email': 'dealing.person_email',
        'is_left': 'false', 'known_by': "'engagement'", 'told_on': 'dealing.last_on', 'known_at': 'dealing.known_at',
        'confidence': 'case when lookup.company_id is not null then 0.6 else 0.4 end',
        'evidence': "dealing.label || ' on ' || " ~ iso_day('dealing.last_on') ~ " || case when lookup.company_id is not null then ' from an address of the company' else '' end",
        'source_rank': '5'
    }) }}
    from dealing
    left join {{ ref('int_company_lookup') }} as lookup
        on lookup.key_type = 'domain' and dealing.mail_domain = lookup.key and dealing.company_id = lookup.company_id
    where dealing.name_key is not null
),

tellings as (
    {% for step in ['from_crm', 'from_exports', 'from_profiles', 'from_pages', 'from_page_changes', 'from_announcements', 'from_earlier', 'from_engagement'] %}
    select * from {{ step }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

keyed as (
    select tellings.*, {{ person_name_key('full_name') }} as name_key from tellings
)

select
    {{ stable_id(["'telling'", 'person_record', 'company_id', 'known_by', 'title', 'started_on', 'ended_on', 'is_left']) }} as telling_id,
    *
from keyed
where name_key is not null and company_id is not null
-- One thing told twice in one record is told once.
qualify row_number() over (
    partition by person_record, company_id, known_by, title, started_on, ended_on, is_left order by known_at, evidence, source_url, full_name
) = 1
