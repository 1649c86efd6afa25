select
    mentions.mention_id,
    mentions.source,
    mentions.stream,
    mentions.record_id,
    mentions.signal_type,
    mentions.title,
    mentions.company_name,
    mentions.company_domain,
    mentions.cik,
    mentions.board_key,
    companies.unresolved_reason as reason,
    companies.namesakes as candidate_count,
    mentions.source_url,
    mentions.detected_at
from {{ ref('int_signal_mentions') }} as mentions
inner join {{ ref('int_mention_companies') }} as companies on mentions.mention_id = companies.mention_id
-- The other side of a deal is nobody's subject: most partners are companies nobody watches.
where companies.company_id is null and not coalesce(mentions.is_other_side, false)
