"""The settings as shipped are right; files that are no seeds, wrong vars and many mistakes give their lines."""

import pytest
from copied_settings import KNOWN, REAL, add_row, lines, read, set_cell, write


def test_the_settings_as_shipped_are_right(copied):
    assert lines(REAL) == []
    assert lines(copied) == []


def test_a_missing_file(copied):
    (copied.seeds / "sources.csv").unlink()
    assert lines(copied) == ["seeds/sources.csv: the file is missing; restore it from the repository"]


def test_a_missing_column(copied):
    file = copied.seeds / "developer_tags.csv"
    write(file, [row[:2] + row[3:] for row in read(file)])
    mend = "add it to the first row and to each row"
    assert lines(copied) == [f"seeds/developer_tags.csv: the column role_weight is missing; {mend}"]


def test_a_row_with_a_comma_too_many(copied):
    row = add_row(copied, "score_bands", ["Top", "90", "one", "two"])
    assert lines(copied) == [
        f"seeds/score_bands.csv, row {row}: 4 cells where the first row has 3; "
        "put quotation marks around cells that hold commas"
    ]


def test_a_file_in_another_encoding(copied):
    (copied.seeds / "sources.csv").write_bytes("source\nMünchen\n".encode("latin-1"))
    (line,) = lines(copied)
    assert line.startswith("seeds/sources.csv: not readable as CSV in UTF-8 (")
    assert line.endswith("; save it as such")


def test_an_empty_line_and_a_byte_order_mark_do_no_harm(copied):
    file = copied.seeds / "sources.csv"
    file.write_text("\ufeff" + file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert lines(copied) == []


def test_a_column_of_ones_own_does_no_harm(copied):
    file = copied.seeds / "sources.csv"
    write(file, [[*row, "mine"] for row in read(file)])
    assert lines(copied) == []


VARS = [
    ("sources", [], f"no source system is switched on; list one or more of {KNOWN}"),
    ("sources", ["generic", "hubspt"], f"'hubspt' has no folder in models/staging; known are {KNOWN}"),
    ("crm_precedence", ["hubspot"], f"there is no system 'hubspot'; known are {KNOWN}"),
    ("tracked_repositories", [], "empty, while gharchive is on; list your repositories as owner/name"),
    ("tracked_repositories", ["acme"], "'acme' is no repository; write owner/name, * for any text"),
    ("tracked_repositories", ["a/b/c"], "'a/b/c' is no repository; write owner/name, * for any text"),
    ("community_staff", ["mod"], "there is no role 'mod'; known are admin, moderator, owner"),
    ("max_identifier_links", 0, "is 0; it must be a whole number of 1 or more"),
    ("identity_rounds", "12", "is '12'; it must be a whole number of 1 or more"),
]


@pytest.mark.parametrize(("name", "value", "line"), VARS)
def test_a_wrong_var_gives_its_line(copied, name, value, line):
    copied.vars[name] = value
    assert lines(copied) == [f"dbt_project.yml, vars: {name}: {line}"]


def test_a_wrong_var_of_the_data_directory_is_named_as_such(copied):
    copied.vars["identity_rounds"] = copied.overrides["identity_rounds"] = -1
    assert lines(copied) == ["vars.yml: identity_rounds: is -1; it must be a whole number of 1 or more"]


def test_repositories_may_be_patterns_and_are_not_needed_without_gharchive(copied):
    copied.vars["tracked_repositories"] = ["acme/*", "*/acme-cli", "*"]
    assert lines(copied) == []
    copied.vars.update(sources=["generic"], tracked_repositories=[])
    assert lines(copied) == []


def test_all_mistakes_are_found_at_once(copied):
    set_cell(copied, "activity_types", ["page_view"], "weight", "-1")
    set_cell(copied, "sources", ["github"], "half_life_days", "0")
    set_cell(copied, "score_bands", ["Low"], "lower_bound", "1")
    copied.vars["identity_rounds"] = 0
    assert len(lines(copied)) == 4


def test_a_segment_that_cannot_be_used_is_a_wrong_setting(copied):
    (copied.root / "models" / "segments").mkdir()
    (copied.root / "models" / "segments" / "Call.sql").write_text("")
    (line,) = lines(copied)
    assert line.startswith("models/segments/Call.sql: 'Call' is no name for a segment; rename it")
