{#-
    The login in a text that holds one address at GitHub and that of a person's page (`https://github.com/ana`). An
    address of a repository names its owner, who may be anybody, and of two addresses nobody can tell which is meant.
-#}
{% macro github_login_in(text) -%}
    {#- JSON may write a slash as backslash and slash. `lower` stands outside split_part: see path_key. -#}
    {%- set plain = "lower(replace(" ~ text ~ ", chr(92), ''))" -%}
    {%- set behind = "lower(split_part(" ~ plain ~ ", 'github.com/', 2))" -%}
    {%- set path = "lower(split_part(" ~ regex_replace_all(behind, "'[^a-z0-9/-]'", "' '") ~ ", ' ', 1))" -%}
    {%- set login = "lower(split_part(" ~ path ~ ", '/', 1))" -%}
    case
        when
            length({{ plain }}) - length(replace({{ plain }}, 'github.com/', '')) = 11
            and coalesce(lower(split_part({{ path }}, '/', 2)), '') = ''
            and {{ regex_matches(login, "'^[a-z0-9][a-z0-9-]{0,38}$'") }}
            and {{ login }} not in (
                'about', 'apps', 'collections', 'enterprise', 'explore', 'features', 'join', 'login', 'marketplace',
                'orgs', 'pricing', 'search', 'settings', 'sponsors', 'topics', 'users'
            )
            then {{ login }}
    end
{%- endmacro %}
