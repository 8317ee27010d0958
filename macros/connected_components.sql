{#-
    Connected components of a graph of numbers: labels every node that has a link with the smallest number of its
    component, and returns the relation of (node, label).

    FastSV (Zhang, Azad, Hu 2020), as one statement a round: every node offers its grandparent's label to its
    neighbours, to their parents, and to itself, and the smallest offer wins. A round that changes nothing ends it, so
    that the result has converged by construction. The rounds grow with the logarithm of the longest path.

    Statements, not a recursive query: recursion costs a round for every step of the longest path, and Spark 3 has none.

    Arguments:
        links: relation of (from_node, to_node), every link in both directions.
        work_name: a name for the work tables, which are temporary.
-#}
{% macro connected_components(links, work_name) -%}
    {%- if not execute or flags.WHICH not in ('run', 'build') -%}
        {#- Nothing is run while dbt only reads the project (parse, compile, lint). -#}
        {{ return('(select from_node as node, from_node as label from ' ~ links ~ ')') }}
    {%- endif -%}

    {%- set labels = namespace(name=work_name ~ '_0', changed=1) -%}
    {%- do run_query('drop table if exists ' ~ labels.name) -%}
    {%- do run_query(
        'create temporary table ' ~ labels.name ~ ' as select distinct from_node as node, from_node as label from ' ~ links
    ) -%}
    {%- for round in range(1, var('identity_rounds') + 1) if labels.changed -%}
        {%- set next_name = work_name ~ '_' ~ round -%}
        {%- do run_query('drop table if exists ' ~ next_name) -%}
        {%- set next_round -%}
            create temporary table {{ next_name }} as
            with labelled as (
                select
                    nodes.node,
                    nodes.label,
                    parents.label as grand_label
                from {{ labels.name }} as nodes
                inner join {{ labels.name }} as parents on nodes.label = parents.node
            ),

            offers as (
                select
                    links.from_node as node,
                    min(labelled.grand_label) as label
                from {{ links }} as links
                inner join labelled on links.to_node = labelled.node
                group by links.from_node
            ),

            proposals as (
                select
                    node,
                    grand_label as label
                from labelled
                union all
                select
                    node,
                    label
                from offers
                union all
                select
                    labelled.label as node,
                    offers.label
                from offers
                inner join labelled on offers.node = labelled.node
            )

            select
                node,
                min(label) as label
            from proposals
            group by node
        {%- endset -%}
        {%- do run_query(next_round) -%}
        {%- set changes -%}
            select count(*)
            from {{ labels.name }} as old_labels
            inner join {{ next_name }} as new_labels on old_labels.node = new_labels.node
            where old_labels.label <> new_labels.label
        {%- endset -%}
        {%- set labels.changed = run_query(changes).rows[0][0] | int -%}
        {%- do run_query('drop table ' ~ labels.name) -%}
        {%- set labels.name = next_name -%}
    {%- endfor -%}
    {%- if labels.changed -%}
        {%- do exceptions.raise_compiler_error(
            'the identity components had not converged after ' ~ var('identity_rounds')
            ~ ' rounds; raise the var identity_rounds'
        ) -%}
    {%- endif -%}
    {{ return(labels.name) }}
{%- endmacro %}
