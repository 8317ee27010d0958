"""Replaces names and addresses of people by salted hashes: stable, so that rows can still be joined and counted.

What may pass is on a list; any other text is masked. So a column that nobody thought of is masked, not leaked.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

import duckdb

from activity_score.errors import UserError
from activity_score.project import Warehouse
from activity_score.sources import literal, quote

SALT = "ACTIVITY_SCORE_SALT"
KEY_FILE = "masking.key"
LEAST_SALT = 16  # characters

# Text columns of the marts that tell of companies, activities and settings, never of a person.
IMPERSONAL = frozenset(
    {
        "account_domain", "account_id", "account_name", "action_steps", "activity_category", "activity_type",
        "adjustment", "category", "change", "component", "country", "crm_account_id", "developer_tags",
        "disposition", "disposition_reason", "engagement_label", "fit_engagement_cell", "fit_grade",
        "fit_reasons", "industry", "intent_level", "lifecycle_stage", "model_version", "owner_source",
        "parent_account_id", "placed_by", "playbook", "priority", "recommended_first_touch", "score_trend",
        "segment", "setting", "signal", "source", "source_list", "source_system", "surge_cause", "table_name",
        "tenant_id", "territory", "threshold_origin", "top_source",
    }
)  # fmt: skip
# Also as it stands in an address of the web: ann%40acme.example.
EMAIL = r"[^\s@<>,;:\"'()]+(@|%40)[^\s@<>,;:\"'()]+\.[A-Za-z]{2,}"
_NUMBER_OR_DAY = re.compile(
    r"BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME|INTERVAL|TIMESTAMP.*"
)


def read_salt(warehouse: Warehouse) -> str:
    """The secret that makes the hashes ours: the same salt gives the same hashes.

    Args:
        warehouse: the warehouse directory; where the environment names no salt, its key file is used, and made once.

    Raises:
        UserError: the salt is too short, or the key file can be read by others.
    """
    salt = os.environ.get(SALT, "")
    if not salt:
        salt = _key(warehouse.root / KEY_FILE)
        where = str(warehouse.root / KEY_FILE)
    else:
        where = SALT
    if len(salt) < LEAST_SALT:
        raise UserError(f"{where}: a salt needs {LEAST_SALT} characters or more; take a long random text")
    return salt


def _key(file: Path) -> str:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UserError(f"{file}: others can read this secret; `chmod 600` it") from None
        return file.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    return file.read_text(encoding="utf-8").strip()


def set_salt(connection: duckdb.DuckDBPyConnection, salt: str) -> None:
    """Give an engine the salt, as a value that stands in no statement.

    Args:
        connection: an engine of our own, never the sandbox.
        salt: from `read_salt`.
    """
    connection.execute("set variable masking_salt = ?", [salt])


def masked(connection: duckdb.DuckDBPyConnection, select: str, are_marts_columns: bool = True) -> str:
    """A select with what is personal masked.

    Args:
        connection: the engine, with the salt set.
        select: the select.
        are_marts_columns: whether its columns are those of the marts, by name. If not (a query over masked marts, or
            columns in the words of a CRM), only what looks like an e-mail address is masked.
    """
    columns = connection.execute(f"select * from ({select}) limit 0").description
    shown = ", ".join(
        _masked_column(name, str(kind), are_marts_columns) + f" as {quote(masked_name(connection, name))}"
        for name, kind, *_ in columns
    )
    return f"select {shown} from ({select})"


def masked_name(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """A column's name; one that holds an address is masked too."""
    if not re.search(EMAIL, name):
        return name
    return connection.execute(f"select {_hash('$1')}", [name]).fetchone()[0]


def write_masked_marts(connection: duckdb.DuckDBPyConnection, catalog: str, sql: str, file: Path) -> None:
    """Write masked copies of the marts that a query may read, for the query to run on.

    Masking what a query returns would not do: `select display_name as industry` looks harmless.

    Args:
        connection: the engine, with the salt set and the build attached.
        catalog: the name under which the build is attached.
        sql: the query; a mart that it does not name is copied without rows.
        file: the new database.
    """
    connection.execute(f"attach {literal(str(file))} as masked (storage_version 'v1.5.0')")
    connection.execute("create schema masked.marts")
    query = "select table_name from information_schema.tables where table_catalog = ? and table_schema = 'marts'"
    for (name,) in connection.execute(query, [catalog]).fetchall():
        select = masked(connection, f"select * from {quote(catalog)}.marts.{quote(name)}")
        where = "" if name.lower() in sql.lower() else " limit 0"
        connection.execute(f"create table masked.marts.{quote(name)} as {select}{where}")
    connection.execute("detach masked")


def _masked_column(name: str, kind: str, are_marts_columns: bool) -> str:
    column = quote(name)
    if _NUMBER_OR_DAY.fullmatch(kind):
        return column
    text = f"cast({column} as varchar)"
    if are_marts_columns and name.lower() not in IMPERSONAL:
        return _hash(text)
    return f"case when regexp_matches({text}, {literal(EMAIL)}) then {_hash(text)} else {text} end"


def _hash(text: str) -> str:
    """The hash of a text; the same for an address in upper and lower case; nothing stays nothing."""
    normal = f"lower(trim({text}))"
    return (
        f"case when {normal} = '' then '' when {text} is not null then"
        f" 'masked-' || left(sha256(getvariable('masking_salt') || ':' || {normal}), 16) end"
    )
