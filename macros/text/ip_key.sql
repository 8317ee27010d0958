{#-
    All rows of a relation with `ip_key`: an address of the internet protocol as 32 hexadecimal digits, version 4 as it
    is mapped into version 6 (::ffff:198.51.100.7), so that one text tells the addresses of both apart and the first
    digits of it are its network. Null for what is no address. Of several, separated by commas as proxies write them, the
    first; a zone (%eth0) is no part of an address.
-#}
{% macro with_ip_key(relation, address_column) -%}
    {%- set octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])' -%}
    {%- set dotted = "'^" ~ octet ~ "([.]" ~ octet ~ "){3}$'" -%}
    {%- set groups = "'^([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?$'" -%}
    select
        grouped.*,
        case
            when has_dots and not is_dotted then null
            when has_dots and not has_colons then '00000000000000000000ffff' || dotted_digits
            when is_grouped and has_dots then substring(group_digits, 1, 24) || dotted_digits
            when is_grouped then group_digits
        end as ip_key
    from (
        select
            halved.*,
            (
                has_colons
                and {{ regex_matches('left_groups', groups) }}
                and {{ regex_matches('right_groups', groups) }}
                and case when has_gap then left_count + right_count <= 7 else left_count = 8 end
            ) as is_grouped,
            {%- for place in range(1, 5) %}
            substring('{{ hex_pairs() }}', 2 * {{ try_number("split_part(dotted_text, '.', " ~ place ~ ")", 'integer') }} + 1, 2)
            {{- ' ||' if not loop.last }}
            {%- endfor %} as dotted_digits,
            {#- The gap (::) stands for as many groups of zeros as are missing. #}
            {%- for place in range(1, 9) %}
            lpad(
                case
                    when left_count >= {{ place }} then split_part(left_groups, ':', {{ place }})
                    when {{ place }} > 8 - right_count
                        then split_part(right_groups, ':', cast(greatest({{ place }} - 8 + right_count, 1) as integer))
                    else '0'
                end,
                4, '0'
            )
            {{- ' ||' if not loop.last }}
            {%- endfor %} as group_digits
        from (
            select
                parted.*,
                {{ regex_matches('dotted_text', dotted) }} as is_dotted,
                case when left_groups = '' then 0 else length(left_groups) - length(replace(left_groups, ':', '')) + 1 end
                    as left_count,
                case
                    when right_groups = '' then 0
                    else length(right_groups) - length(replace(right_groups, ':', '')) + 1
                end as right_count
            from (
                select
                    spelled.*,
                    group_text like '%::%' as has_gap,
                    split_part(group_text, '::', 1) as left_groups,
                    {#- A second gap is none: what stands behind it makes no group. #}
                    split_part(group_text, '::', 2)
                    || case when group_text like '%::%::%' then '!' else '' end as right_groups
                from (
                    select
                        trimmed.*,
                        ip_text like '%.%' as has_dots,
                        ip_text like '%:%' as has_colons,
                        {{ regex_replace_all('ip_text', "'^.*:'", "''") }} as dotted_text,
                        {#- The end of an address of version 6 may be written as one of version 4. #}
                        case
                            when ip_text like '%:%.%' then {{ regex_replace_all('ip_text', "'[^:]+$'", "'0:0'") }}
                            else ip_text
                        end as group_text
                    from (
                        select
                            addressed.*,
                            split_part(trim(split_part(lower({{ address_column }}), ',', 1)), '%', 1) as ip_text
                        from {{ relation }} as addressed
                    ) as trimmed
                ) as spelled
            ) as parted
        ) as halved
    ) as grouped
{%- endmacro %}

{#- 00 to ff in one text: the two digits of a number from 0 to 255 begin at twice the number. -#}
{% macro hex_pairs() -%}
    {%- for high in '0123456789abcdef' -%}
        {%- for low in '0123456789abcdef' -%}
            {{ high ~ low }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#-
    Whether an address is one that can be seen from outside (IANA's registries of special-purpose addresses): of version
    6 the global ones, 2000::/3; of version 4 neither private, of a provider's own network, loopback, link-local, for
    benchmarks, multicast nor reserved. Those for documentation stay: nobody has them, and examples need some.
-#}
{% macro is_public_ip_key(ip_key) -%}
    {%- set ipv4 = "substring(" ~ ip_key ~ ", 25, 8)" -%}
    case
        when {{ ip_key }} not like '00000000000000000000ffff%' then substring({{ ip_key }}, 1, 1) in ('2', '3')
        else not (
            substring({{ ipv4 }}, 1, 2) in ('00', '0a', '7f')
            or substring({{ ipv4 }}, 1, 1) in ('e', 'f')
            or substring({{ ipv4 }}, 1, 4) in ('a9fe', 'c0a8', 'c612', 'c613')
            or substring({{ ipv4 }}, 1, 6) = 'c00000'
            or substring({{ ipv4 }}, 1, 3) = 'ac1'
            or (substring({{ ipv4 }}, 1, 2) = '64' and substring({{ ipv4 }}, 3, 1) in ('4', '5', '6', '7'))
        )
    end
{%- endmacro %}
