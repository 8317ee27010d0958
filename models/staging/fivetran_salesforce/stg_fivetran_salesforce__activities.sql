{{ config(enabled='fivetran_salesforce' in var('sources')) }}

select * from {{ ref('stg_fivetran_salesforce__engagements') }}
union all
select * from {{ ref('stg_fivetran_salesforce__campaign_members') }}
