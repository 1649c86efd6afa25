-- By what a record knows a person: itself, the LinkedIn profile, the e-mail address of one person.
with tellings as (
    select
        *,
        nullif(regexp_extract(lower(linkedin_url), '/in/([^/?#]+)', 1), '') as profile,
        split_part(email, '@', 1) as mailbox
    from {{ ref('int_person_tellings') }}
),

stated as (
    select person_record as record_key, 'record:' || person_record as key, 1 as key_priority, known_at from tellings
    union all
    select person_record, 'linkedin:' || profile, 2, known_at from tellings where profile is not null
    union all
    select tellings.person_record, 'email:' || tellings.email, 3, tellings.known_at
    from tellings
    left join {{ ref('role_mailboxes') }} as role_mailboxes on tellings.mailbox = role_mailboxes.mailbox
    where tellings.email like '%_@_%._%' and role_mailboxes.mailbox is null
),

-- A person may say that a key is not the record's own; a pinned record is known by none of its own.
disowned as (
    select subject_key, decision, other_key
    from {{ ref('stg_reference__identity_decisions') }}
    where entity = 'person' and decision in ('split', 'pin')
),

-- Exports shorten a LinkedIn address to the host, and some give one address for a whole team.
shared as (
    select keys.key
    from stated as keys
    inner join tellings on keys.record_key = tellings.person_record
    where keys.key_priority > 1
    group by keys.key
    having count(distinct tellings.name_key) > 3
),

-- The first key seen names the person.
ranked as (
    select key, row_number() over (order by min(known_at), min(key_priority), key) as key_rank
    from stated
    group by key
)

select
    stated.record_key,
    stated.key,
    min(ranked.key_rank) as key_rank,
    min(stated.known_at) as first_seen_at
from stated
inner join ranked on stated.key = ranked.key
left join shared on stated.key = shared.key
left join disowned
    on disowned.subject_key = 'record:' || stated.record_key
    and stated.key_priority > 1
    and (disowned.decision = 'pin' or disowned.other_key = stated.key)
where shared.key is null and disowned.subject_key is null
group by stated.record_key, stated.key
