"""The linter sees every model: those of the systems that are off by default too."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path

import pytest
from harness import ROOT


def test_lint_sql_switches_every_system_on(monkeypatch, tmp_path):
    seen = {}

    def lint(words):
        config = tomllib.loads(Path(words[words.index("--config") + 1]).read_text())
        seen["sources"] = config["tool"]["sqlfluff"]["templater"]["dbt"]["context"]["sources"]
        seen["paths"] = words[-2:]
        sys.exit(3)

    spec = importlib.util.spec_from_file_location("lint_sql", ROOT / "scripts" / "lint_sql.py")
    lint_sql = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lint_sql)
    monkeypatch.setattr(lint_sql.cli, "main", lint)
    monkeypatch.chdir(tmp_path)
    for name in lint_sql.ENVIRONMENT:
        monkeypatch.setenv(name, "")

    with pytest.raises(SystemExit) as end:
        lint_sql.main([])
    assert end.value.code == 3  # sqlfluff's own
    folders = {file.parent.name for file in (ROOT / "models" / "staging").glob("*/stg_*.sql")}
    assert {"generic", "scarf"} < folders
    assert set(seen["sources"]) == folders
    assert seen["paths"] == ["models", "tests/dbt"]
