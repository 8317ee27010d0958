{#-
    Everything dated that bears on an account's stage: what its CRM states, and deals opened and ended. Of two CRMs only
    the one that is believed states stages, and only for the very record that was taken; deals count from all.
-#}
with opportunities as (
    select * from {{ ref('int_opportunity_records') }}
),

account_stages as (
    {{ union_staged('account_stages') }}
),

crm_accounts as (
    select * from {{ ref('int_crm_accounts') }}
),

domains as (
    select * from {{ ref('int_domains') }}
),

stage_names as (
    select * from {{ ref('int_lifecycle_stage_names') }}
    where applies_to = 'account'
),

own_account_stages as (
    select
        account_stages.source_system,
        account_stages.tenant_id,
        coalesce(account_stages.crm_account_id, '') as crm_account_id,
        coalesce(domains.registrable_domain, account_stages.account_domain) as account_domain,
        account_stages.lifecycle_stage,
        account_stages.stated_at
    from account_stages
    left join domains on account_stages.account_domain = domains.domain
),

believed as (
    select
        own_account_stages.tenant_id,
        own_account_stages.account_domain,
        {{ to_day('own_account_stages.stated_at') }} as event_day,
        own_account_stages.stated_at,
        coalesce(stage_names.lifecycle_stage, own_account_stages.lifecycle_stage) as lifecycle_stage
    from own_account_stages
    inner join crm_accounts
        on
            own_account_stages.tenant_id = crm_accounts.tenant_id
            and own_account_stages.account_domain = crm_accounts.account_domain
            and own_account_stages.source_system = crm_accounts.source_system
            and own_account_stages.crm_account_id = coalesce(crm_accounts.crm_account_id, '')
    left join stage_names
        on
            own_account_stages.source_system = stage_names.source_system
            and own_account_stages.lifecycle_stage = stage_names.stage_text
),

ranked_statements as (
    {#-
        The last of a day. A CRM that dates skipped stages gives them all the moment of the one that was reached: it is
        the first by the alphabet.
    #}
    select
        believed.*,
        row_number() over (
            partition by tenant_id, account_domain, event_day
            order by stated_at desc, lifecycle_stage asc
        ) as statement_rank
    from believed
),

opened as (
    select
        tenant_id,
        account_domain,
        'opened' as event,
        'In Pipeline' as lifecycle_stage,
        {{ to_day('opened_on') }} as event_day,
        {{ to_day('created_on') }} as known_day,
        {{ to_day('opened_on') }} as opened_day,
        1 as event_order,
        source_system || ':' || opportunity_id as event_key
    from opportunities
),

ended as (
    select
        tenant_id,
        account_domain,
        case outcome when 'Customer' then 'won' when 'Churned' then 'churned' else 'lost' end as event,
        outcome as lifecycle_stage,
        {{ to_day('ended_on') }} as event_day,
        {{ to_day('greatest(created_on, ended_on)') }} as known_day,
        {{ to_day('opened_on') }} as opened_day,
        case outcome when 'Customer' then 5 when 'Churned' then 4 else 2 end as event_order,
        source_system || ':' || opportunity_id as event_key
    from opportunities
    where outcome is not null
),

stated as (
    select
        tenant_id,
        account_domain,
        'stated' as event,
        lifecycle_stage,
        event_day,
        event_day as known_day,
        cast(null as integer) as opened_day,
        3 as event_order,
        'stated' as event_key
    from ranked_statements
    where statement_rank = 1
),

events as (
    select * from opened
    union all
    select * from ended
    union all
    select * from stated
)

select * from events
