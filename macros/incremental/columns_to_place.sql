{#-
    What activities are placed by.

    Arguments:
        record: the alias of the records.
        key: the alias of what has their key, where a record may be missing.
-#}
{% macro columns_to_place(record, key=none) -%}
    {{ key or record }}.source_system,
        {{ key or record }}.tenant_id,
        {{ key or record }}.activity_id,
        {{ record }}.occurred_at,
        {{ record }}.activity_day,
        {{ record }}.loaded_at,
        {{ record }}.activity_type,
        {{ record }}.email,
        {{ record }}.email_domain,
        {{ record }}.github_login,
        {{ record }}.user_id,
        {{ record }}.anonymous_id,
        {{ record }}.account_domain,
        {{ record }}.url,
        {{ record }}.is_bot,
        {{ record }}.activity_count,
        {{ record }}.account_domain_confidence,
        {{ record }}.ip_address
{%- endmacro %}

{#- Which records are placed: those that could be read; of records of one id the one that is kept. -#}
{% macro is_to_be_placed(record) -%}
    {{ record }}.rejection_reason is null and {{ record }}.exclusion_reason is null
{%- endmacro %}
