-- Which mentions tell the same event. Each mention joins at most one better-stated or earlier-known
-- mention, so mentions form trees and a vague mention never ties two distinct events together.
with mentions as (
    select
        mentions.mention_id,
        companies.company_id,
        mentions.source,
        mentions.signal_type,
        mentions.polarity,
        mentions.occurred_on,
        mentions.detected_at,
        mentions.amount_usd,
        mentions.other_amount_usd,
        mentions.round_type,
        mentions.signal_subtype,
        lower(mentions.country) as country,
        mentions.is_amendment,
        mentions.content_fingerprint,
        case mentions.signal_type
            when 'executive_change' then {{ person_name_key('mentions.person_name') }} || '|' || coalesce(mentions.direction, '')
            when 'expansion' then lower(mentions.city)
            when 'acquisition' then {{ company_name_key('mentions.counterparty_name') }}
            when 'partnership' then {{ company_name_key('mentions.counterparty_name') }}
            when 'regulatory_filing' then mentions.signal_subtype
        end as topic,
        mentions.signal_type in ('job_posting') or mentions.source = 'company_site' as is_single,
        trust.priority
    from {{ ref('int_signal_mentions') }} as mentions
    inner join {{ ref('int_mention_companies') }} as companies
        on mentions.mention_id = companies.mention_id
        and companies.company_id is not null
    left join {{ ref('source_trust') }} as trust on mentions.source = trust.source
    where mentions.reject_reason is null
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
    where not is_single
),

originals as (
    select
        copies.*,
        types.dedupe_window_days,
        row_number() over (
            partition by copies.company_id, copies.signal_type
            order by
                (copies.topic is not null or copies.amount_usd is not null) desc,
                (copies.signal_type = 'expansion' and copies.country is not null) desc,
                copies.detected_at, copies.priority, copies.occurred_on, copies.mention_id
        ) as statement_rank
    from copies
    inner join {{ ref('signal_types') }} as types on copies.signal_type = types.signal_type
    where copies.mention_id = copies.copied_mention_id
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
            else 'same_company_and_window'
        end as merge_reason,
        row_number() over (
            partition by later.mention_id
            order by
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
        and abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}) <= later.dedupe_window_days
    where case later.signal_type
        when 'funding_round' then
            (later.round_type is null or earlier.round_type is null or later.round_type = earlier.round_type)
            and (
                later.amount_usd is null
                or earlier.amount_usd is null
                or {{ amounts_agree('later', 'earlier') }}
                -- The same round within weeks is the same round, one amount of it misprinted.
                or (
                    later.round_type = earlier.round_type
                    and abs({{ days_between('earlier.occurred_on', 'later.occurred_on') }}) <= 30
                )
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
            else coalesce(links.merge_reason, 'first_statement')
        end as merge_reason,
        copies.detected_at,
        copies.priority,
        copies.occurred_on
    from copies
    inner join roots on copies.copied_mention_id = roots.mention_id
    left join links on copies.mention_id = links.mention_id
    union all
    select
        mention_id, mention_id as root_mention_id, 'first_statement' as merge_reason,
        detected_at, priority, occurred_on
    from mentions
    where is_single
)

-- The signal is named after the mention known first, so a later and better one renames nothing.
select
    mention_id,
    root_mention_id,
    {{ stable_id(["'signal'", 'first_value(mention_id) over (partition by root_mention_id order by detected_at, priority, occurred_on, mention_id)']) }} as signal_id,
    merge_reason,
    count(*) over (partition by root_mention_id) as mention_count
from clustered
