"""The SQL that reads raw files into the declared columns of their table, as text."""

from __future__ import annotations

from activity_score.columns import match_columns
from activity_score.raw_files import RawFile
from activity_score.reading import Reading
from activity_score.sources import Table, literal, quote


def select(table: Table, reading: Reading, paths: list[str], file: RawFile) -> str:
    """Write the select that reads files into the declared columns, as text.

    Args:
        table: the table that is filled.
        reading: how to read the files.
        paths: the files, as SQL literals.
        file: one of them, for messages.

    Raises:
        UserError: a required column is missing.
    """
    listed = ", ".join(paths)
    if reading.kind in ("lines", "values"):
        columns = ", ".join(f"{quote(column)}: 'varchar'" for column in table.columns)
        names = ", ".join(_or_folder(column, quote(column), table, reading) for column in table.columns)
        shape = "newline_delimited" if reading.kind == "lines" else "array"
        return (
            f"select {names} from read_json([{listed}], format = '{shape}', columns = {{{columns}}},"
            " hive_partitioning = false)"
        )
    found = match_columns(table, reading.columns, file)
    if reading.kind == "parquet":
        texts = [_parquet_text(quote(n), t) for n, t in zip(reading.columns, reading.types, strict=True)]
        source = f"read_parquet([{listed}], hive_partitioning = false)"
    else:  # by position in the header of these very files: a column's name may repeat or be empty
        texts = [f"c{position}" for position in range(len(reading.columns))]
        columns = ", ".join(f"{text}: 'varchar'" for text in texts)
        quote_mark = '"' if reading.has_header else ""
        source = (
            f"read_csv([{listed}], columns = {{{columns}}}, auto_detect = false, header = {reading.has_header},"
            f" delim = {literal(reading.delimiter)}, quote = '{quote_mark}', escape = '{quote_mark}',"
            " strict_mode = true, hive_partitioning = false)"
        )
        # DuckDB 1.5 breaks down, instead of refusing the line, over a byte that is not UTF-8 while it skips columns.
        skipped = [text for position, text in enumerate(texts) if position not in found.values()]
        source += f" where concat({', '.join(skipped)}) is not null" if skipped else ""
    chosen = []
    for column in table.columns:
        value = texts[found[column]] if column in found else "null::varchar"
        chosen.append(f"{_or_folder(column, value, table, reading)} as {quote(column)}")
    return f"select {', '.join(chosen)} from {source}"


def _or_folder(column: str, value: str, table: Table, reading: Reading) -> str:
    """The value of a column as SQL; the folder's name stands in where the record itself does not say."""
    if not reading.folder or column != table.folder_column:
        return value
    return f"coalesce({value}, {literal(reading.folder)})"


def _parquet_text(column: str, data_type: str) -> str:
    """A value as text, without what its type adds: ids become fractions where some row has none."""
    if data_type in ("DOUBLE", "FLOAT"):
        is_whole = f"{column} = floor({column}) and abs({column}) < 1e15"
        return f"case when {is_whole} then {column}::bigint::varchar else {column}::varchar end"
    if data_type == "BLOB":  # some programs write text without saying that it is text
        return f"coalesce(try(decode({column})), {column}::varchar)"
    is_nested = data_type.endswith("]") or data_type.startswith(("STRUCT", "MAP"))
    return f"to_json({column})::varchar" if is_nested else f"{column}::varchar"
