with accounts as (
    select * from {{ ref('accounts') }}
),

buyers as (
    select
        account_id,
        {{ dbt.listagg('display_name', "', '", 'order by display_name') }} as buyers
    from {{ ref('developers') }}
    where is_buyer
    group by account_id
)

select
    accounts.account_id,
    accounts.activity_score,
    accounts.lifecycle_stage,
    buyers.buyers,
    accounts.buyer_engaged
from accounts
inner join buyers on accounts.account_id = buyers.account_id
where
    accounts.activity_score > 80
    and accounts.lifecycle_stage is distinct from 'Customer' -- an unknown stage is no customer
