{%- set raw_columns = [
    'opportunity_id', 'account_domain', 'created_on', 'tenant_id', 'closed_on', 'stage', 'stage_entered_on', 'is_won',
    'opportunity_type', 'amount',
] %}
with source as (
    select * from {{ source('generic', 'opportunities') }}
),

renamed as (
    select
        {% for column in raw_columns %}
        {{ clean_text('source.' ~ column) }} as {{ column }},
        {% endfor %}
        'generic' as source_system
    from source
),

checked as (
    select
        renamed.*,
        cast({{ try_timestamp('created_on') }} as date) as created_date,
        cast({{ try_timestamp('closed_on') }} as date) as closed_date,
        cast({{ try_timestamp('stage_entered_on') }} as date) as stage_entered_date,
        {{ try_boolean('is_won') }} as won,
        {{ try_number('amount', type_double()) }} as amount_number,
        case
            when opportunity_id is null then 'missing_opportunity_id'
            when {{ host_of('account_domain') }} is null then 'missing_account_domain'
            when {{ try_timestamp('created_on') }} is null then 'bad_created_on'
            when closed_on is not null and {{ try_timestamp('closed_on') }} is null then 'bad_closed_on'
            when stage_entered_on is not null and {{ try_timestamp('stage_entered_on') }} is null
                then 'bad_stage_entered_on'
            when is_won is not null and {{ try_boolean('is_won') }} is null then 'bad_is_won'
            {#- Neither text nor nan nor inf. #}
            when amount is not null and not coalesce(abs({{ try_number('amount', type_double()) }}) < 1e18, false)
                then 'bad_amount'
        end as rejection_reason
    from renamed
),

shaped as (
    select
        source_system,
        coalesce(tenant_id, 'default') as tenant_id,
        opportunity_id,
        {{ host_of('account_domain') }} as account_domain,
        created_date as created_on,
        closed_date as closed_on,
        stage,
        stage_entered_date as stage_entered_on,
        won as is_won,
        coalesce(lower(opportunity_type) like '%renewal%', false) as is_renewal,
        amount_number as amount,
        rejection_reason,
        case when rejection_reason is not null then {{ record_json(raw_columns) }} end as record,
        'opportunities' as table_name
    from checked
)

select * from shaped
