-- Every id in a signal's list is a published developer, there are as many as the row says, and nothing is detected
-- tomorrow. (Lists are looked through up to their fiftieth id.)
with signals as (
    select * from {{ ref('account_signals') }}
),

developers as (
    select developer_id from {{ ref('developers') }}
),

listed as (
    {{ split_list('signals', ['account_id', 'signal'], 'developers') }}
),

unknown_people as (
    select
        listed.account_id,
        listed.signal,
        'unknown developer ' || listed.item as problem
    from listed
    left join developers on listed.item = developers.developer_id
    where developers.developer_id is null
),

miscounted as (
    select
        account_id,
        signal,
        'developer_count is not the number of ids' as problem
    from signals
    where
        developer_count <> coalesce(length(developers) - length(replace(developers, ';', '')) + 1, 0)
),

of_tomorrow as (
    select
        account_id,
        signal,
        'detected after the as-of day' as problem
    from signals
    where detected_on > as_of_date
),

problems as (
    select * from unknown_people
    union all
    select * from miscounted
    union all
    select * from of_tomorrow
)

select * from problems
