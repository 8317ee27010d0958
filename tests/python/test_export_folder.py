"""The folder of an export: the same bytes twice, described, and whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from exported import ALL_FORMATS, Exported, readable_bytes
from published_by_hand import AS_OF

from activity_score.errors import EXIT_BUSY, UserError
from activity_score.exporting import folder as folder_module
from activity_score.exporting.folder import STORE, replace_files


def test_the_manifest_says_what_was_written(export, two_builds):
    done = export("high_engagement", "--format", "csv,parquet")
    assert {key: value for key, value in done.manifest.items() if key != "files"} == {
        "written_by": "activity-score 0.1.0",
        "build_id": two_builds.current.resolve().name,
        "as_of_date": str(AS_OF),
        "model_version": "v1",
        "masked": False,
    }
    assert [file["file"] for file in done.manifest["files"]] == ["high_engagement.csv", "high_engagement.parquet"]
    for file in done.manifest["files"]:
        content = (done.out / file["file"]).read_bytes()
        assert (file["segment"], file["rows"], file["bytes"]) == ("high_engagement", 8, len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert [column["name"] for column in done.manifest["files"][0]["columns"]] == list(done.csv("high_engagement")[0])
    assert json.loads(export("high_engagement", "--format", "csv,parquet", "--json").printed) == done.manifest


def test_the_same_export_twice_is_the_same_bytes(export, queries):
    (queries / "query.sql").write_text("select account_name, activity_score / 3 as third from accounts")
    words = ("--mart", "accounts", "--mart", "activity_ledger", "--sql", "query.sql", "--format", ALL_FORMATS)
    first = export(*words, out="one").bytes()
    assert export(*words, out="two").bytes() == first and len(first) == 13


def test_a_later_export_is_the_same_bytes(export, two_builds, queries, tmp_path):
    """In another process, another second, another order of threads."""
    words = ["high_engagement", "account_routes", "--format", ALL_FORMATS]
    first = export(*words, out="one").bytes()
    command = [sys.executable, "-m", "activity_score.cli", "export", *words, "--warehouse", str(two_builds.root)]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    subprocess.run([*command, "--out", str(tmp_path / "two")], check=True, capture_output=True, env=environment)
    assert Exported(tmp_path / "two", 0, "", "").bytes() == first


def test_other_files_of_the_folder_stay(export, tmp_path):
    out = tmp_path / "out"
    (out / "notes").mkdir(parents=True)
    (out / "notes" / "mine.txt").write_text("mine")
    (out / "mine.csv").write_text("mine")
    (out / "linked.csv").symlink_to(out / "mine.csv")
    export("high_engagement", "--format", "csv,xlsx")
    done = export("activity_surge")
    assert done.names() == ["activity_surge.csv", "linked.csv", "manifest.json", "mine.csv", "notes"]
    assert (out / "mine.csv").read_text() == (out / "notes" / "mine.txt").read_text() == "mine"


def test_a_file_of_somebody_else_is_not_overwritten(export, tmp_path):
    out = tmp_path / "out"
    done = export("high_engagement")
    before = done.bytes()
    (out / "activity_surge.csv").write_text("mine")
    done = export("activity_surge")
    assert done.code == 2 and "activity_surge.csv: was not written by an export; move it away" in done.err
    assert (out / "activity_surge.csv").read_text() == "mine"
    assert {**done.bytes(), "activity_surge.csv": None} == {**before, "activity_surge.csv": None}


def test_old_files_do_not_stay_anywhere(export, tmp_path):
    """They may hold what the new ones mask."""
    export("--mart", "developers")
    export("--mart", "developers", "--mask-pii")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and not path.is_symlink()]
    assert sorted(path.name for path in files) == ["developers.csv", "lock", "manifest.json"]


@pytest.mark.parametrize("failing", ["csv", "xlsx", "manifest"])
def test_an_export_that_fails_leaves_the_old_one(export, monkeypatch, failing):
    before = export("--mart", "accounts", "--format", "csv,xlsx").bytes()

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    target = {
        "csv": "activity_score.exporting.export.write_file",
        "xlsx": "activity_score.exporting.files.write_workbook",
        "manifest": "activity_score.exporting.export._manifest",
    }[failing]
    monkeypatch.setattr(target, fail)
    done = export("--mart", "developers", "--format", "csv,xlsx")
    assert done.code == 2 and done.bytes() == before
    assert sorted(path.name for path in (done.out / STORE).iterdir()) == ["1", "current", "lock"]
    monkeypatch.undo()


@pytest.mark.parametrize("moment", ["while it writes", "before the swap", "after the swap"])
def test_a_killed_export_leaves_the_old_one_or_the_new_one(export, two_builds, queries, tmp_path, moment):
    old = export("high_engagement", "--format", "csv,jsonl").bytes()
    new = export("activity_surge", "--format", "csv,jsonl", out="other").bytes()
    script = f"""
import os, signal, sys
from activity_score import cli
from activity_score.exporting import export, folder

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

moment = {moment!r}
if moment == "while it writes":
    written = []
    write_file = export.write_file
    export.write_file = lambda *args: die() if written else written.append(write_file(*args))
elif moment == "before the swap":
    folder.os.replace = die
else:
    replace = os.replace
    folder.os.replace = lambda *args: (replace(*args), die())
cli.main(sys.argv[1:])
"""
    words = ["export", "activity_surge", "--format", "csv,jsonl", "--warehouse", str(two_builds.root)]
    killed = subprocess.run([sys.executable, "-c", script, *words, "--out", str(tmp_path / "out")], capture_output=True)
    assert killed.returncode == -9
    readable = {name: code for name, code in readable_bytes(tmp_path / "out").items() if name != "linked"}
    assert readable == (new if moment == "after the swap" else old)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert all(readable[file["file"]] == file["sha256"] for file in manifest["files"])
    assert export("activity_surge", "--format", "csv,jsonl").bytes() == new  # and the next one finds its way
    assert sum(path.name.isdigit() for path in (tmp_path / "out" / STORE).iterdir()) == 1


def test_a_copy_of_the_folder_is_whole(export, tmp_path):
    done = export("high_engagement", "--format", ALL_FORMATS)
    shutil.copytree(done.out, tmp_path / "links", symlinks=True)
    shutil.rmtree(done.out)
    assert readable_bytes(tmp_path / "links").keys() == {
        *(f"high_engagement.{form}" for form in ALL_FORMATS.split(",")), "manifest.json",
    }  # fmt: skip


def test_a_reader_never_sees_some_of_each(tmp_path, monkeypatch):
    """At every step of the system, the files that the manifest names are there and are its own."""
    out, seen = tmp_path / "out", []

    def write(number):
        def write_files(draft: Path) -> list[str]:
            names = [f"{number}.csv", "both.csv"]
            for name in names:
                (draft / name).write_text(f"{name} of {number}")
            (draft / "manifest.json").write_text(json.dumps({name: f"{name} of {number}" for name in names}))
            return [*names, "manifest.json"]

        return write_files

    def check() -> None:
        manifest = json.loads((out / "manifest.json").read_bytes())
        assert {name: (out / name).read_text() for name in manifest} == manifest
        seen.append(next(iter(manifest)))

    def look(function):
        def looking(*args, **kwargs):
            check()
            result = function(*args, **kwargs)
            check()
            return result

        return looking

    replace_files(out, write(1))
    for name in ("replace", "readlink", "open"):
        monkeypatch.setattr(folder_module.os, name, look(getattr(os, name)))
    for name in ("symlink_to", "unlink", "mkdir", "is_symlink"):
        monkeypatch.setattr(Path, name, look(getattr(Path, name)))
    replace_files(out, write(2))
    monkeypatch.undo()
    assert seen.count("1.csv") > 10 and seen.count("2.csv") > 5 and seen == sorted(seen)


def test_one_export_at_a_time_into_a_folder(tmp_path):
    def write(draft: Path) -> list[str]:
        with pytest.raises(UserError, match="another export is writing there") as raised:
            replace_files(tmp_path, write)
        assert raised.value.exit_code == EXIT_BUSY
        return []

    replace_files(tmp_path, write)


def test_a_folder_that_cannot_be_used(export, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = export("high_engagement", out="out/inner")
    assert done.code == 2 and "inner: cannot be used as a folder (Not a directory); choose another --out" in done.err
