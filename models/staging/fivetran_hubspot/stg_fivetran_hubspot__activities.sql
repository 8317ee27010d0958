{{ config(enabled='fivetran_hubspot' in var('sources')) }}

select * from {{ ref('stg_fivetran_hubspot__form_submissions') }}
union all
select * from {{ ref('stg_fivetran_hubspot__email_events') }}
union all
select * from {{ ref('stg_fivetran_hubspot__engagements') }}
