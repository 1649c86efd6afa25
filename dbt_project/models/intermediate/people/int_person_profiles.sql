-- How a person is written in a record, at each company it tells of: what likeness compares and what Splink
-- learns from. An address that spells out a name tells it too: robert.quill@ is Bob Quill's.
with keys as (
    select
        record_key,
        min(case when key like 'linkedin:%' then key end) as profile,
        min(case when key like 'email:%' then substr(key, 7) end) as email
    from {{ ref('int_person_keys') }}
    group by record_key
),

-- A group of records is named by its first key, as the person would be.
roots as (
    select distinct key_rank, {{ stable_id(["'person'", 'key']) }} as group_id
    from {{ ref('int_person_keys') }}
),

written as (
    select distinct
        tellings.person_record as record_key,
        records.group_number,
        roots.group_id,
        tellings.company_id,
        -- "Quill, Robert", as lists are sorted by.
        split_part(tellings.name_key, ' ', case when tellings.full_name like '%,%' and strpos(split_part(trim(tellings.full_name), ',', 1), ' ') = 0 then 2 else 1 end) as first_name,
        split_part(tellings.name_key, ' ', case when tellings.full_name like '%,%' and strpos(split_part(trim(tellings.full_name), ',', 1), ' ') = 0 then 1 else -1 end) as surname,
        lower(trim(tellings.title)) as title,
        tellings.level,
        tellings.department,
        keys.email,
        keys.profile,
        regexp_extract(split_part(keys.email, '@', 1), '^([a-z]{2,})[._-][a-z]{2,}[0-9]*$', 1) as address_first_name,
        regexp_extract(split_part(keys.email, '@', 1), '^[a-z]{2,}[._-]([a-z]{2,})[0-9]*$', 1) as address_surname
    from {{ ref('int_person_tellings') }} as tellings
    inner join {{ ref('int_person_groups') }} as records on tellings.person_record = records.record_key
    inner join roots on records.group_number = roots.key_rank
    left join keys on tellings.person_record = keys.record_key
),

names as (
    select * exclude (address_first_name, address_surname), 'name' as told_by from written
    union all
    select * exclude (address_first_name, address_surname) replace (address_first_name as first_name, address_surname as surname), 'address'
    from written
    -- One of the two is the name that is written beside it: else it is no name, or somebody else's.
    where address_first_name <> '' and (address_first_name = first_name) <> (address_surname = surname)
),

-- Of a short form all names that it may stand for.
nicknames as (
    select nickname, list(given_name order by given_name) as given_names
    from {{ ref('person_nicknames') }}
    group by nickname
)

select names.*, list_sort(list_append(coalesce(nicknames.given_names, []), names.first_name)) as given_names
from names
left join nicknames on names.first_name = nicknames.nickname
