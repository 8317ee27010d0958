{#- Stops the build, naming the segment, where one returns an account twice, none, or something that is no account. -#}
{% macro refuse_broken_segments(matches, accounts) -%}
    {%- if execute -%}
        {%- set faults -%}
            with faults as (
                select
                    matches.segment,
                    matches.account_id,
                    count(*) as row_count,
                    max(accounts.account_id) as known_account_id
                from {{ matches }} as matches
                left join {{ accounts }} as accounts on matches.account_id = accounts.account_id
                group by matches.segment, matches.account_id
            )

            select
                segment,
                account_id,
                row_count
            from faults
            where row_count > 1 or known_account_id is null
            order by segment, account_id
            limit 1
        {%- endset -%}
        {%- for segment, account_id, row_count in run_query(faults).rows -%}
            {%- if account_id is none -%}
                {%- set fault = 'returns a row without account_id; filter it out' -%}
            {%- elif row_count > 1 -%}
                {%- set fault = 'returns account_id ' ~ account_id ~ ' ' ~ row_count ~ ' times; group by account_id' -%}
            {%- else -%}
                {%- set fault = 'returns account_id ' ~ account_id ~ ', which marts.accounts does not have' -%}
            {%- endif -%}
            {%- do exceptions.raise_compiler_error(
                'segment ' ~ segment ~ ' (models/segments/' ~ segment ~ '.sql) ' ~ fault
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
