-- Which mentions tell the same event. Each mention joins at most one better-stated or earlier-known
-- mention, so mentions form trees and a vague mention never ties two distinct events together.
with mentions as (
    select
        mentions.mention_id,
        companies.company_id,
        mentions.source,
        mentions.signal_type,
        mentions.polarity,
        mentions.status,
        mentions.occurred_on,
        mentions.detected_at,
        mentions.amount_usd,
        mentions.other_amount_usd,
        mentions.round_type,
        mentions.signal_subtype,
        lower(mentions.country) as country,
        mentions.is_amendment,
        mentions.record_id,
        mentions.amends_record_id,
        mentions.date_precision,
        mentions.content_fingerprint,
        case mentions.signal_type
            when 'executive_change' then {{ person_name_key('mentions.person_name') }} || '|' || coalesce(mentions.direction, '')
            when 'expansion' then lower(mentions.city)
            when 'acquisition' then {{ company_name_key('mentions.counterparty_name') }}
            when 'partnership' then {{ company_name_key('mentions.counterparty_name') }}
            when 'product_launch' then lower(mentions.product_name)
            when 'regulatory_filing' then mentions.signal_subtype
            -- What is said in a call is one matter each; the call and the results are one.
            when 'earnings_call' then case when mentions.signal_subtype in ('call', 'results') then 'results' else coalesce(mentions.signal_subtype, 'results') end
            when 'technology_adoption' then lower(mentions.technology) || '|' || coalesce(mentions.signal_subtype, '')
            when 'job_posting' then lower(mentions.job_title) || '|' || coalesce({{ folded('mentions.city') }}, {{ folded('mentions.country') }}, {{ folded("split_part(mentions.location, ',', 1)") }}, '')
        end as topic,
        mentions.signal_type in ('job_posting', 'technology_adoption') as is_listed,
        types.dedupe_window_days,
        coalesce(trust.priority, 9) as priority
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies
        on mentions.mention_id = companies.mention_id
        and companies.company_id is not null
    inner join {{ ref('signal_types') }} as types on mentions.signal_type = types.signal_type
    left join {{ ref('source_trust') }} as trust on mentions.source = trust.source
    where mentions.reject_reason is null
),

-- A search may repeat a posting of a board several times: all of them are that posting.
repeated_postings as (
    select repeats.mention_id, originals.mention_id as original_mention_id
    from {{ ref('int_repeated_postings') }} as told
    inner join mentions as repeats
        on repeats.signal_type = 'job_posting'
        and told.source = repeats.source
        and told.record_id = repeats.record_id
    inner join mentions as originals
        on originals.signal_type = 'job_posting'
        and told.original_source = originals.source
        and told.original_record_id = originals.record_id
        and repeats.company_id = originals.company_id
),

-- Postings and technologies are lists that a source keeps of a company: within one source each row
-- is a fact of its own, and only several lists can tell the same fact.
listed_twice as (
    select company_id, signal_type
    from mentions
    where is_listed
    group by company_id, signal_type
    having count(distinct source) > 1
),

-- The first posting of a title and place in one list is the first in the other, and so on.
counted as (
    select
        mentions.*,
        row_number() over (
            partition by mentions.company_id, mentions.signal_type, mentions.topic, mentions.source
            order by mentions.occurred_on, mentions.detected_at, mentions.mention_id
        ) as ordinal
    from mentions
    inner join listed_twice
        on mentions.company_id = listed_twice.company_id
        and mentions.signal_type = listed_twice.signal_type
    where mentions.is_listed and mentions.topic is not null
        and not exists (select 1 from repeated_postings where repeated_postings.mention_id = mentions.mention_id)
),

listed as (
    select
        *,
        first_value(mention_id) over (
            partition by company_id, signal_type, topic, ordinal
            order by detected_at, priority, occurred_on, mention_id
        ) as first_mention_id,
        first_value(occurred_on) over (
            partition by company_id, signal_type, topic, ordinal
            order by detected_at, priority, occurred_on, mention_id
        ) as first_occurred_on
    from counted
),

joined_lists as (
    select mention_id, first_mention_id
    from listed
    where mention_id <> first_mention_id
        and abs({{ days_between('first_occurred_on', 'occurred_on') }}) <= dedupe_window_days
),

joined as (
    select mention_id, first_mention_id, 'same_subject' as merge_reason from joined_lists
    union all
    select
        repeated_postings.mention_id,
        coalesce(joined_lists.first_mention_id, repeated_postings.original_mention_id) as first_mention_id,
        'same_posting' as merge_reason
    from repeated_postings
    left join joined_lists on repeated_postings.original_mention_id = joined_lists.mention_id
),

-- Copies of one release join its first copy before anything is compared pair by pair.
copies as (
    select
        *,
        first_value(mention_id) over (
            partition by company_id, signal_type, polarity, topic, round_type,
                coalesce(content_fingerprint, mention_id)
            order by detected_at, occurred_on, mention_id
        ) as copied_mention_id
    from mentions
    where not is_listed
),

-- So do reports whose content is the same to the letter, whatever id a source gave them: forty
-- outlets then make no forty times forty pairs. A silence longer than the window begins a new event.
gaps as (
    select
        *,
        case
            when {{ days_between('lag(occurred_on) over content', 'occurred_on') }} <= dedupe_window_days then 0
            else 1
        end as begins_anew
    from copies
    where mention_id = copied_mention_id and (topic is not null or amount_usd is not null)
    window content as (
        partition by company_id, signal_type, polarity, topic, round_type, amount_usd
        order by occurred_on, detected_at, mention_id
    )
),

spells as (
    select
        *,
        sum(begins_anew) over (
            partition by company_id, signal_type, polarity, topic, round_type, amount_usd
            order by occurred_on, detected_at, mention_id
            rows unbounded preceding
        ) as spell
    from gaps
),

repeats as (
    select
        mention_id,
        source,
        first_value(mention_id) over said as said_mention_id,
        case
            when source = first_value(source) over said then 'same_content'
            when signal_type = 'executive_change' then 'same_person'
            when topic is not null then 'same_subject'
            when round_type is not null then 'same_round_and_amount'
            else 'same_amount'
        end as merge_reason
    from spells
    window said as (
        partition by company_id, signal_type, polarity, topic, round_type, amount_usd, spell
        order by detected_at, priority, occurred_on, mention_id
    )
),

originals as (
    select
        copies.*,
        row_number() over (
            partition by copies.company_id, copies.signal_type
            order by
                (copies.topic is not null or copies.amount_usd is not null) desc,
                (copies.signal_type = 'expansion' and copies.country is not null) desc,
                copies.detected_at, copies.priority, copies.occurred_on, copies.mention_id
        ) as statement_rank
    from copies
    left join repeats on copies.mention_id = repeats.mention_id
    where copies.mention_id = copies.copied_mention_id
        and (repeats.mention_id is null or repeats.mention_id = repeats.said_mention_id)
),

pairs as (
    select
        later.mention_id,
        earlier.mention_id as joined_mention_id,
        case
            when later.is_amendment or earlier.is_amendment then 'amendment'
            when later.signal_type = 'executive_change' then 'same_person'
            when later.topic = earlier.topic then 'same_subject'
            when {{ amounts_agree('later', 'earlier') }} and later.round_type = earlier.round_type then 'same_round_and_amount'
            when {{ amounts_agree('later', 'earlier') }} then 'same_amount'
            when later.round_type = earlier.round_type then 'same_round'
            when later.status <> earlier.status then 'plan_confirmed'
            else 'same_company_and_window'
        end as merge_reason,
        row_number() over (
            partition by later.mention_id
            order by
                {{ amount_distance('later', 'earlier') }},
                earlier.detected_at,
                abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}),
                earlier.statement_rank
        ) as choice
    from originals as later
    inner join originals as earlier
        on later.company_id = earlier.company_id
        and later.signal_type = earlier.signal_type
        and later.polarity = earlier.polarity
        and later.statement_rank > earlier.statement_rank
        and (
            {{ near_in_time('earlier', 'later', 'later.dedupe_window_days') }}
            or {{ amends('later', 'earlier') }}
            -- An amendment may come a year after what it amends without naming it.
            or (
                (later.is_amendment or earlier.is_amendment)
                and later.source = earlier.source
                and coalesce(later.amends_record_id, earlier.amends_record_id) is null
                and abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}) <= 400
            )
        )
    where case later.signal_type
        when 'funding_round' then
            {{ rounds_compatible('later', 'earlier') }}
            and (
                later.amount_usd is null
                or earlier.amount_usd is null
                or {{ amounts_agree('later', 'earlier') }}
                -- The same round within weeks is the same round, one amount of it misprinted.
                or (
                    later.round_type = earlier.round_type
                    and abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}) <= 30
                )
                -- Nor are two rounds announced within days when one of the reports names none.
                or (
                    (later.round_type is null or earlier.round_type is null)
                    and coalesce(later.round_type, earlier.round_type, '') not in ('debt', 'grant')
                    and later.source <> 'sec_edgar'
                    and earlier.source <> 'sec_edgar'
                    and abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}) <= 10
                )
                -- What was rumoured before it happened was rumoured roughly.
                or (later.status = 'done' and earlier.status = 'planned' and earlier.occurred_on <= later.occurred_on)
                or (later.status = 'planned' and earlier.status = 'done' and later.occurred_on <= earlier.occurred_on)
            )
        when 'executive_change' then later.topic = earlier.topic
        -- The same town is the same opening; without a town the kind and country must agree.
        when 'expansion' then
            later.topic = earlier.topic
            or (
                (later.topic is null or earlier.topic is null)
                and coalesce(later.signal_subtype, '') = coalesce(earlier.signal_subtype, '')
                and (later.country is null or earlier.country is null or later.country = earlier.country)
            )
        -- "Relay" and "Relay Studio" may be one product, "Relay" and "Summit" are two.
        when 'product_launch' then
            later.topic is null or earlier.topic is null
            or starts_with(later.topic, earlier.topic) or starts_with(earlier.topic, later.topic)
        else later.topic is null or earlier.topic is null or later.topic = earlier.topic
    end
),

links as (
    select mention_id, joined_mention_id, merge_reason from pairs where choice = 1
),

roots as (
    {{ follow_links('originals', 'links') }}
),

clustered as (
    select
        copies.mention_id,
        roots.root_mention_id,
        case
            when copies.mention_id <> copies.copied_mention_id then 'same_release'
            when repeats.mention_id <> repeats.said_mention_id then repeats.merge_reason
            else coalesce(links.merge_reason, 'first_statement')
        end as merge_reason,
        copies.detected_at,
        copies.priority,
        copies.occurred_on
    from copies
    left join repeats on copies.copied_mention_id = repeats.mention_id
    inner join roots on coalesce(repeats.said_mention_id, copies.copied_mention_id) = roots.mention_id
    left join links on copies.mention_id = links.mention_id
    union all
    select
        mentions.mention_id,
        coalesce(joined.first_mention_id, mentions.mention_id) as root_mention_id,
        coalesce(joined.merge_reason, 'first_statement') as merge_reason,
        mentions.detected_at,
        mentions.priority,
        mentions.occurred_on
    from mentions
    left join joined on mentions.mention_id = joined.mention_id
    where mentions.is_listed
)

-- The signal is named after the mention known first, so a later and better one renames nothing.
select
    mention_id,
    root_mention_id,
    {{ stable_id(["'signal'", 'first_value(mention_id) over (partition by root_mention_id order by detected_at, priority, occurred_on, mention_id)']) }} as signal_id,
    merge_reason,
    count(*) over (partition by root_mention_id) as mention_count
from clustered
