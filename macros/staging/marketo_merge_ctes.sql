{#-
    CTEs merged_leads (lead_id, final_lead_id) and deleted_leads (lead_id). A merge keeps one lead and names the others it
    swallowed as [1,2]; up to fifty of them are read, and merges of merged leads are followed three times.
-#}
{% macro marketo_merge_ctes() -%}
merge_lists as (
    select
        {{ clean_text('lead_id') }} as winner_id,
        replace(replace(replace(merge_ids, '[', ''), ']', ''), ',', ';') as loser_ids
    from {{ source('fivetran_marketo', 'activity_merge_leads') }}
    where {{ clean_text('lead_id') }} is not null and {{ clean_text('merge_ids') }} is not null
),

merge_pairs as (
    {{ split_list('merge_lists', ['winner_id'], 'loser_ids') }}
),

-- A lead is swallowed once; should two name it, either is it.
winners as (
    select
        item as lead_id,
        max(winner_id) as winner_id
    from merge_pairs
    where item <> winner_id
    group by item
),

merged_leads as (
    select
        winners.lead_id,
        coalesce(third_winners.winner_id, second_winners.winner_id, winners.winner_id) as final_lead_id
    from winners
    left join winners as second_winners on winners.winner_id = second_winners.lead_id
    left join winners as third_winners on second_winners.winner_id = third_winners.lead_id
),

deleted_leads as (
    select distinct {{ clean_text('lead_id') }} as lead_id
    from {{ source('fivetran_marketo', 'activity_delete_lead') }}
    where {{ clean_text('lead_id') }} is not null
)
{%- endmacro %}
