{#- How many people of an account, and their ids in one text, sorted. From a relation of (account_id, developer_id). -#}
{% macro people_of_accounts(people) -%}
    with distinct_people as (
        select distinct
            account_id,
            developer_id
        from {{ people }}
        where developer_id is not null
    )

    select
        account_id,
        count(*) as developer_count,
        {{ dbt.listagg('developer_id', "';'", 'order by developer_id') }} as developers
    from distinct_people
    group by account_id
{%- endmacro %}
