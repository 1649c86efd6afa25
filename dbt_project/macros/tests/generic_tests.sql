{#- No two rows share the values of all the columns, and none of them is NULL. -#}
{% test unique_together(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
    {% for column in columns %}or {{ column }} is null {% endfor %}
{% endtest %}

{#- The value lies between two bounds, both included; NULL passes. -#}
{% test in_range(model, column_name, minimum, maximum) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ minimum }} or {{ column_name }} > {{ maximum }}
{% endtest %}

{#- Every lead score is the sum of its weighted points, to the last digit. -#}
{% test score_is_sum_of_points(model) %}
select scores.organisation_id, scores.icp_profile_id, scores.company_id, scores.lead_score, sum(points.weighted_points) as points
from {{ model }} as scores
left join {{ ref('lead_score_points') }} as points
    on scores.organisation_id = points.organisation_id
    and scores.icp_profile_id = points.icp_profile_id
    and scores.company_id = points.company_id
group by scores.organisation_id, scores.icp_profile_id, scores.company_id, scores.lead_score
having scores.lead_score <> coalesce(sum(points.weighted_points), 0)
{% endtest %}
