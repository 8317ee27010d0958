"""Files that cannot be used stop the build with one line that names the file and the mend."""

from __future__ import annotations

import gzip
import os

import pytest
from shop import FEED, HEADER, OTHER, parquet, zstd

from activity_score.errors import UserError
from activity_score.raw_files import find_files, unused_entries

GOOD = HEADER + b"1,2,3,4,5\n" * 2000
WRONG = {
    "missing column": ("visits.csv", b"at,who\n1,2\n", "visits.csv: no column 'id'; it has at, who; rename"),
    "missing key": ("visits.jsonl", b'{"at": 1}\n{"at": 2}\n', "visits.jsonl: no column 'id'; it has at; rename"),
    "twice": ("visits.csv", b"id,at,id\n1,2,3\n", "visits.csv: the column 'id' is there 2 times; keep one"),
    "utf-16": ("visits.csv", HEADER.decode().encode("utf-16"), "visits.csv: the file is not UTF-8 (it looks like UTF"),
    "utf-16 json": ("visits.jsonl", '{"id": 1}\n'.encode("utf-16-be"), "visits.jsonl: the file is not UTF-8"),
    "bad header": ("visits.csv", b"id,\xff\n1,2\n", "visits.csv: the header is not UTF-8 (byte 0xff"),
    "open header": ("visits.csv", b'id,"at\n1,2\n', "visits.csv: the header cannot be read"),
    "cut gzip": ("visits.csv.gz", gzip.compress(GOOD)[:-30], "visits.csv.gz: the compressed file is damaged or cut"),
    "gzip checksum": ("visits.csv.gz", gzip.compress(GOOD)[:-8] + b"\0" * 8, "visits.csv.gz: the compressed file is"),
    "not gzip": ("visits.csv.gz", GOOD, "visits.csv.gz: the compressed file is damaged or cut off"),
    "not zstd": ("visits.csv.zst", GOOD, "visits.csv.zst: damaged, or not zstd"),
    "not parquet": ("visits.parquet", GOOD, "visits.parquet: not a Parquet file"),
    "empty parquet": ("visits.parquet", b"", "visits.parquet: not a Parquet file"),
    "damaged array": ("visits.json", b'[{"id": 1},\n {"id"', "visits.json: the JSON is damaged or cut off (line 2"),
    "unknown kind": ("visits/notes.docx", b"", "visits/notes.docx: not a kind of file that is read"),
    "packed parquet": ("visits.parquet.gz", b"", "visits.parquet.gz: not a kind of file that is read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_cannot_be_used_is_named(shop, case):
    name, content, message = WRONG[case]
    shop.write(name, content)
    with pytest.raises(UserError) as raised:
        shop.load()
    assert str(raised.value).startswith(f"shop/{message}")
    assert "; " in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_zstd_file_that_was_cut_off_is_named(shop, cut, tmp_path):
    rows = HEADER + b"".join(f"{number},{number * 7919 % 1013},,,\n".encode() for number in range(30_000))
    shop.write("visits.csv.zst", zstd(rows, tmp_path)[:-cut])
    with pytest.raises(UserError, match=r"visits\.csv\.zst: the compressed file is cut off"):
        shop.load()


def test_a_damaged_page_of_a_parquet_file_is_named(shop):
    file = shop.write("visits.parquet", b"")
    parquet(file, "select md5(i::varchar) as id from range(50000) as numbers (i)")
    content = bytearray(file.read_bytes())
    content[1000:9000] = b"\xff" * 8000
    file.write_bytes(bytes(content))
    with pytest.raises(UserError, match=r"shop/visits\.parquet: the file is damaged .*; deliver it again"):
        shop.load()


def test_two_candidates_for_one_table_are_refused(shop):
    shop.write("visits.csv", HEADER)
    shop.write("visits/part.csv", HEADER)
    with pytest.raises(UserError, match=r"shop/: both visits and visits.csv would be the table visits; keep one"):
        shop.load()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_named(shop):
    folder = shop.write("visits/part.csv", HEADER).parent
    folder.chmod(0)
    try:
        with pytest.raises(UserError, match="visits: not readable"):
            shop.load()
    finally:
        folder.chmod(0o755)


def test_without_activities_it_says_where_they_were_expected(shop):
    shop.write("people.csv", b"email\nann@acme.example\n")
    with pytest.raises(UserError, match=r"no activities found; .*data/shop/visits.csv"):
        shop.load()


def test_a_misspelt_file_is_noticed(shop):
    shop.write("vists.csv", HEADER)
    shop.write("_SUCCESS", b"")
    (shop.data / "shoop").mkdir()
    assert unused_entries(shop.data, [FEED, OTHER]) == ["shoop/", "shop/vists.csv"]
    assert find_files(shop.data, FEED) == []
