{{ config(materialized='incremental', incremental_strategy='append') }}

{#-
    Append-only: what was published stays, and what this build publishes is added. A score that was already the last one
    published for its day is not repeated, so that running twice changes nothing. A build after missed days also
    publishes what the trend says of them, where nothing was.
-#}
with publications as (
    {%- if is_incremental() %}
    select * from {{ this }}
    {%- else %}
    select * from {{ source('activity_score', 'publications') }}
    {%- endif %}
),

accounts as (
    select * from {{ ref('accounts') }}
),

account_scores as (
    select * from {{ ref('account_scores_daily') }}
),

run as (
    select * from {{ ref('int_this_run') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

published_days as (
    select distinct as_of_date
    from publications
),

missed_days as (
    select score_days.score_date
    from score_days
    cross join run
    left join published_days on score_days.score_date = published_days.as_of_date
    where
        score_days.score_day > run.previous_as_of_day
        and score_days.score_day < run.as_of_day
        and score_days.score_day >= run.first_trend_day
        and published_days.as_of_date is null
),

missed_scores as (
    select
        account_scores.account_id,
        account_scores.score_date,
        account_scores.activity_score
    from account_scores
    inner join missed_days on account_scores.score_date = missed_days.score_date
),

scores as (
    select
        as_of_date,
        model_version,
        account_id,
        activity_score
    from accounts
    union all
    select
        missed_days.score_date as as_of_date,
        accounts.model_version,
        accounts.account_id,
        coalesce(missed_scores.activity_score, 0) as activity_score
    from accounts
    cross join missed_days
    left join missed_scores
        on accounts.account_id = missed_scores.account_id and missed_days.score_date = missed_scores.score_date
),

{# Of the day itself, that is: on a missed day nothing was published. #}
ranked_publications as (
    select
        publications.*,
        row_number() over (
            partition by publications.account_id
            order by publications.published_at desc
        ) as recency
    from publications
    inner join run on publications.as_of_date = run.as_of_date
),

new_publications as (
    select
        run.published_at,
        scores.as_of_date,
        scores.model_version,
        scores.account_id,
        cast(scores.activity_score as decimal(5, 2)) as activity_score
    from scores
    cross join run
    left join ranked_publications
        on
            scores.account_id = ranked_publications.account_id
            and scores.as_of_date = ranked_publications.as_of_date
            and ranked_publications.recency = 1
            and scores.model_version = ranked_publications.model_version
            and scores.activity_score = ranked_publications.activity_score
    where ranked_publications.account_id is null
),

all_publications as (
    {%- if not is_incremental() %}
    select
        published_at,
        as_of_date,
        model_version,
        account_id,
        activity_score
    from publications
    union all
    {%- endif %}
    select
        published_at,
        as_of_date,
        model_version,
        account_id,
        activity_score
    from new_publications
)

select * from all_publications
