{#-
    Append-only: what was published stays, and what this build publishes is added. A score that was already the last one
    published for its day is not repeated, so that running twice changes nothing.
-#}
with publications as (
    select * from {{ source('activity_score', 'publications') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

run as (
    select * from {{ ref('int_run') }}
),

ranked_publications as (
    select
        publications.*,
        row_number() over (
            partition by account_id, as_of_date
            order by published_at desc
        ) as recency
    from publications
),

new_publications as (
    select
        run.published_at,
        accounts.as_of_date,
        accounts.model_version,
        accounts.account_id,
        accounts.activity_score
    from accounts
    cross join run
    left join ranked_publications
        on
            accounts.account_id = ranked_publications.account_id
            and accounts.as_of_date = ranked_publications.as_of_date
            and ranked_publications.recency = 1
            and accounts.model_version = ranked_publications.model_version
            and accounts.activity_score = ranked_publications.activity_score
    where ranked_publications.account_id is null
),

all_publications as (
    select
        published_at,
        as_of_date,
        model_version,
        account_id,
        activity_score
    from publications
    union all
    select
        published_at,
        as_of_date,
        model_version,
        account_id,
        activity_score
    from new_publications
)

select * from all_publications
