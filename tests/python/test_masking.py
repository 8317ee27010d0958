"""`--mask-pii`: no name and no address of a person is in any byte of an export, and rows can still be joined."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import zipfile
from pathlib import Path

import duckdb
import pytest
from published_by_hand import AS_OF, EARLIER, PEOPLE, named_accounts, write_build

from activity_score import cli
from activity_score.exporting import masking
from activity_score.project import Warehouse

SALT = "a salt of 24 characters!"
ADDRESS = re.compile(rb"[\w.+-]+(@|%40)[\w-]+\.[A-Za-z]{2,}|[\w.+-]+@m\xc3\xbcnchen")
PERSONAL = [
    *(part for person in PEOPLE for part in person if part),
    *("Dee Dahl", "-Eve", "dee.dahl@seller.example", "eve@seller.example", "Ana", "Birk", "people.example"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    found = Warehouse(tmp_path_factory.mktemp("warehouse"))
    rows = named_accounts()
    rows[4] = ("default", "Firm of jo.doe@people.example", *rows[4][2:])
    write_build(found, EARLIER, accounts=rows[1:])
    write_build(found, AS_OF, accounts=rows)
    return found


@pytest.fixture
def run(warehouse, tmp_path, monkeypatch, capfd):
    for name in [name for name in os.environ if name.startswith("ACTIVITY_SCORE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(masking.SALT, SALT)

    def run_export(*words: str, out: str = "out", mask: bool = True) -> tuple[int, Path, str]:
        with pytest.raises(SystemExit) as exit_:
            mask_words = ["--mask-pii"] if mask else []
            cli.main(["export", *words, *mask_words, "--warehouse", str(warehouse.root), "--out", out])
        printed, err = capfd.readouterr()
        return exit_.value.code or 0, tmp_path / out, printed + err

    return run_export


def contents(out: Path) -> dict[str, bytes]:
    """Every byte that a reader could find: hidden files, unpacked workbooks and the texts of Parquet included."""
    found = {}
    for path in out.rglob("*"):
        found[f"name of {path.name}"] = path.name.encode()
        if path.is_file():
            found[path.name] = path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as archive:
                    found |= {f"{path.name} {name}": archive.read(name) for name in archive.namelist()}
            if path.suffix == ".parquet":
                with duckdb.connect() as connection:
                    rows = connection.execute(f"from '{path}'").fetchall()
                    statistics = connection.execute(f"from parquet_metadata('{path}')").fetchall()
                found[f"{path.name} unpacked"] = repr((rows, statistics)).encode()
    return found


def rows_of(out: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / f"{name}.csv").read_text(encoding="utf-8"))))


EVERYTHING = [
    *("high_engagement", "activity_surge", "account_routes"),
    *("--mart", "accounts", "--mart", "developers", "--mart", "activity_ledger", "--mart", "segment_members"),
]


@pytest.mark.parametrize("words", [[], ["--changes-since", str(EARLIER)], ["--crm", "hubspot"]])
def test_no_byte_of_an_export_names_a_person(run, tmp_path, words):
    (tmp_path / "sneaky.sql").write_text(
        """
        select
            email as industry, display_name as account_name, upper(github_login) as top_source, length(email) as length,
            'jo@literal.example' as country, 'https://x.example/?u=jo%40literal.example' as territory,
            developer_id, 1 as "ann@column.example",
            [display_name] as developer_tags, {'a': email} as source, md5(email) as segment
        from developers
        union all
        select owner_email, owner_name, owner_email, 1, null, null, account_id, 2, [owner_name], {'a': owner_email}, 'x'
        from accounts
        """
    )
    chosen = [word for word in EVERYTHING if "--crm" not in words or word not in ("account_routes",)]
    code, out, said = run(*chosen, "--sql", "sneaky.sql", "--format", "csv,parquet,jsonl,xlsx", *words)
    assert code == 0, said
    found = contents(out)
    assert len([name for name in found if name.endswith(".parquet unpacked")]) >= 5
    for name, content in found.items():
        assert not ADDRESS.search(content), (name, ADDRESS.search(content))
        for person in PERSONAL:
            assert person.encode() not in content, (name, person)
        assert SALT.encode() not in content
    assert SALT not in said


def test_without_the_mask_the_same_search_finds_people(run):
    """So that the test above can fail."""
    code, out, _ = run(*EVERYTHING, "--format", "csv,parquet,jsonl,xlsx", mask=False)
    assert code == 0
    found = contents(out)
    for ending in (".csv", ".jsonl", ".parquet unpacked", "xl/worksheets/sheet1.xml"):
        hits = [name for name, content in found.items() if name.endswith(ending) and ADDRESS.search(content)]
        assert hits, ending


def test_what_is_not_personal_stays(run, warehouse):
    _, masked, _ = run("--mart", "accounts")
    _, plain, _ = run("--mart", "accounts", out="plain", mask=False)
    changed = {"owner_name", "owner_email"}
    for one, other in zip(rows_of(masked, "accounts"), rows_of(plain, "accounts"), strict=True):
        differing = {name for name in one if one[name] != other[name]}
        assert differing - {"account_name"} == changed
        # Only the one that holds an address.
        assert ("account_name" in differing) == ("jo.doe" in other["account_name"])


def test_an_unknown_text_column_is_masked(run, tmp_path, warehouse):
    file = warehouse.current.resolve() / "marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as build")
        connection.execute(
            "create or replace table build.marts.invented as"
            " select 'Ana Arbor' as nickname, ['Ana Arbor'] as names, {'name': 'Ana Arbor'} as record, 7 as number,"
            " 'Ana'::blob as bytes, date '2026-01-02' as day, '' as nothing, null::varchar as absent"
        )
    _, out, _ = run("--mart", "invented")
    row = rows_of(out, "invented")[0]
    for name in ("nickname", "names", "record", "bytes"):
        assert re.fullmatch(r"masked-[0-9a-f]{16}", row[name]), name
    assert (row["number"], row["day"], row["nothing"], row["absent"]) == ("7", "2026-01-02", "", "")


def test_masked_rows_can_still_be_joined(run, tmp_path):
    (tmp_path / "joined.sql").write_text(
        "select developer_id, email from developers inner join activity_ledger using (developer_id) group by all"
    )
    _, out, _ = run("--mart", "developers", "--mart", "activity_ledger", "--sql", "joined.sql")
    developers = {row["developer_id"]: row for row in rows_of(out, "developers")}
    assert len(developers) == len(PEOPLE)
    active = {row["developer_id"] for row in rows_of(out, "activity_ledger")}
    assert len(active) == 1 and active <= set(developers)
    joined = rows_of(out, "joined")[0]
    assert developers[joined["developer_id"]]["email"] == joined["email"]


def test_hashes_are_stable_and_depend_on_the_salt(run, monkeypatch):
    _, one, _ = run("--mart", "developers")
    before = (one / "developers.csv").read_bytes()
    _, two, _ = run("--mart", "developers", out="two")
    assert (two / "developers.csv").read_bytes() == before
    monkeypatch.setenv(masking.SALT, SALT + "another")
    _, three, _ = run("--mart", "developers", out="three")
    theirs = {row["email"] for row in rows_of(three, "developers")}
    assert not theirs & {row["email"] for row in rows_of(one, "developers")}


def test_upper_and_lower_case_are_one_address():
    with duckdb.connect() as connection:
        masking.set_salt(connection, SALT)
        query = masking.masked(
            connection, "select unnest(['Ann@Acme.example', ' ann@acme.example ', 'bo@x.example']) as email"
        )
        found = [value for (value,) in connection.execute(query).fetchall()]
    assert found[0] == found[1] != found[2]


def test_a_masked_query_finds_nobody(run, tmp_path):
    (tmp_path / "who.sql").write_text("select count(*) as n from developers where email like 'ana.arbor%'")
    _, out, _ = run("--sql", "who.sql")
    assert rows_of(out, "who") == [{"n": "0"}]
    _, out, _ = run("--sql", "who.sql", mask=False)
    assert rows_of(out, "who") == [{"n": "1"}]


def test_the_key_file_is_made_once_and_is_private(run, warehouse, monkeypatch):
    monkeypatch.delenv(masking.SALT)
    file = warehouse.root / masking.KEY_FILE
    code, out, said = run("--mart", "developers")
    assert code == 0 and stat.S_IMODE(file.stat().st_mode) == 0o600
    key, rows = file.read_text().strip(), rows_of(out, "developers")
    assert len(key) == 64 and key not in said
    assert not [name for name, content in contents(out).items() if key.encode() in content]
    run("--mart", "developers")
    assert file.read_text().strip() == key and rows_of(out, "developers") == rows
    file.chmod(0o644)
    code, _, said = run("--mart", "developers")
    assert code == 2 and f"{masking.KEY_FILE}: others can read this secret; `chmod 600` it" in said
    file.chmod(0o600)
    file.write_text("short")
    code, _, said = run("--mart", "developers")
    assert code == 2 and f"{masking.KEY_FILE}: a salt needs 16 characters or more" in said
    file.unlink()


def test_a_short_salt_is_refused(run, monkeypatch):
    monkeypatch.setenv(masking.SALT, "short")
    code, out, said = run("--mart", "developers")
    assert code == 2 and "ACTIVITY_SCORE_SALT: a salt needs 16 characters or more; take a long random text" in said
    assert "short;" not in said and not out.exists()


def test_the_manifest_says_that_it_is_masked(run):
    _, out, _ = run("--mart", "developers")
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["masked"] is True


def test_what_passes_unmasked_names_nobody():
    assert not masking.IMPERSONAL & {
        "developer_id", "email", "display_name", "github_login", "job_title", "owner", "owner_name", "owner_email",
        "activity_id", "url", "headline", "evidence", "reason", "record", "engaged_contacts", "user_id", "anonymous_id",
        "developers",
    }  # fmt: skip
