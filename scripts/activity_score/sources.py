"""The raw tables that a source system declares in `models/staging/<system>/_<system>__sources.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from activity_score.errors import UserError
from activity_score.project import Project


@dataclass(frozen=True)
class Table:
    """One raw table.

    Attributes:
        system: the source system; the table lies in the schema `raw_<system>`.
        name: the table's name, which is also the name of its file or folder.
        columns: every declared column, in order; all of them are loaded as text.
        required: the columns without which a file cannot be used (`config: {meta: {required: true}}`).
        one_of: groups of columns of which a file must have one: other spellings, one time or another
            (`config: {meta: {required: time}}` on each column of the group that is called `time` there).
        is_activities: whether the table brings activities (`config: {meta: {activities: true}}` on the table).
        is_append: whether its rows stand alone, so that the models need only those that have just arrived
            (`config: {meta: {append: true}}`).
        records: where the records lie inside a JSON document, such as `topic_list.topics`; the first that is there.
        files: further files of this table, as globs below the system's folder.
        skip_files: names of files in the table's folder that hold something else.
        folder_column: the column that takes the name of the folder in which a file lies; empty: none.
        bare_column: the column that takes a JSON record which is no object but a single value; empty: none.
        optional: the columns whose absence is worth no word: other spellings, traits, what some deliveries lack
            (`config: {meta: {optional: true}}` on the column, or on the table for all of its columns).
        moments: the columns that hold the time of an activity, and whether it may be a number since 1970
            (`config: {meta: {moment: iso}}` or `{moment: epoch}` on the column).
        nested: the required columns that hold a JSON object or array (`config: {meta: {json: true}}`).
        tsv_columns: the fields of a .tsv file of this table, in their order (`config: {meta: {tsv_columns: [...]}}`):
            such a file has no header line and quotes nothing. Empty: its first line names the columns.
    """

    system: str
    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    is_activities: bool = False
    is_append: bool = False
    records: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    skip_files: tuple[str, ...] = ()
    folder_column: str = ""
    bare_column: str = ""
    tsv_columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    moments: tuple[tuple[str, bool], ...] = ()
    nested: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Of each of these groups, most of them of one column, a file must have a column."""
        return (*((column,) for column in self.required), *self.one_of)

    @property
    def relation(self) -> str:
        """The quoted name of the table in the working database."""
        return f"{quote('raw_' + self.system)}.{quote(self.name)}"


def quote(name: str) -> str:
    """Quote an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote an SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def declared_tables(project: Project) -> list[Table]:
    """Read the raw tables of every source system that is switched on.

    Args:
        project: the dbt project and its vars.

    Raises:
        UserError: a system has no folder, or its sources file cannot be read.
    """
    return [table for system in project.sources for table in system_tables(project, system)]


def resting_tables(project: Project) -> list[Table]:
    """Read the raw tables of the systems that are switched off: their models still want them, empty.

    Args:
        project: the dbt project and its vars.

    Raises:
        UserError: a sources file cannot be read.
    """
    resting = [system for system in every_system(project) if system not in project.sources]
    return [table for system in resting for table in system_tables(project, system)]


def every_system(project: Project) -> list[str]:
    """The source systems that there are, switched on or off, by name.

    Args:
        project: the dbt project.
    """
    folders = sorted((project.root / "models" / "staging").iterdir())
    return [folder.name for folder in folders if project.sources_file(folder.name).is_file()]


def system_tables(project: Project, system: str) -> list[Table]:
    """Read the raw tables of one source system.

    Args:
        project: the dbt project.
        system: the name of the system, as in the var `sources`.

    Raises:
        UserError: the system has no folder, or its sources file cannot be read.
    """
    file = project.sources_file(system)
    name = file.relative_to(project.root)
    if not file.is_file():
        staging = file.parent.parent
        known = ", ".join(sorted(folder.name for folder in staging.iterdir() if folder.is_dir()))
        raise UserError(
            f"vars: sources: there is no source system {system!r} ({name} does not exist); known are {known}"
        )
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        tables = [table for source in content["sources"] for table in source["tables"]]
        return [_table(system, table) for table in tables]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{name}: not readable as a dbt sources file ({error!r}); mend it") from error


def _table(system: str, table: dict[str, Any]) -> Table:
    columns = table["columns"]
    required = [(column["name"], _meta(column).get("required")) for column in columns]
    groups = dict.fromkeys(group for _, group in required if isinstance(group, str))
    return Table(
        system=system,
        name=table["name"],
        columns=tuple(column["name"] for column in columns),
        required=tuple(name for name, is_required in required if is_required is True),
        one_of=tuple(tuple(name for name, other in required if other == group) for group in groups),
        is_activities=bool(_meta(table).get("activities")),
        is_append=bool(_meta(table).get("append")),
        records=tuple(_meta(table).get("records") or ()),
        files=tuple(_meta(table).get("files") or ()),
        skip_files=tuple(_meta(table).get("skip_files") or ()),
        folder_column=_column_with(columns, "from_folder"),
        bare_column=_column_with(columns, "bare_record"),
        tsv_columns=tuple(_meta(table).get("tsv_columns", ())),
        optional=tuple(
            column["name"] for column in columns if _meta(column).get("optional") or _meta(table).get("optional")
        ),
        moments=tuple(
            (column["name"], _meta(column)["moment"] == "epoch") for column in columns if "moment" in _meta(column)
        ),
        nested=tuple(column["name"] for column in columns if _meta(column).get("json")),
    )


def _column_with(columns: list[dict[str, Any]], flag: str) -> str:
    return next((column["name"] for column in columns if _meta(column).get(flag)), "")


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or {}
