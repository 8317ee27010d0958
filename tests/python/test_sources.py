"""What a system's sources file declares."""

from __future__ import annotations

import pytest

from activity_score.errors import UserError
from activity_score.project import Project
from activity_score.sources import Table, declared_tables


def test_a_system_without_a_folder_is_named(tmp_path):
    (tmp_path / "models" / "staging" / "generic").mkdir(parents=True)
    with pytest.raises(UserError, match=r"vars: sources: there is no source system 'nowhere' .*; known are generic"):
        declared_tables(Project(tmp_path, {"sources": ["nowhere"]}))


def test_declared_columns_and_required_flags(tmp_path):
    project = Project(tmp_path, {"sources": ["shop"]})
    file = project.sources_file("shop")
    file.parent.mkdir(parents=True)
    file.write_text(
        "sources:\n- name: shop\n  tables:\n  - name: visits\n    config: {meta: {activities: true}}\n    columns:\n"
        "    - {name: id, config: {meta: {required: true}}}\n    - {name: at}\n"
    )
    assert declared_tables(project) == [Table("shop", "visits", ("id", "at"), ("id",), True)]
    file.write_text(
        "sources:\n- name: shop\n  tables:\n  - name: hits\n    config: {meta: {tsv_columns: [app, id]}}\n"
        "    columns:\n    - {name: id}\n"
    )
    assert declared_tables(project) == [Table("shop", "hits", ("id",), tsv_columns=("app", "id"))]
    file.write_text("sources: 5")
    with pytest.raises(UserError, match=r"_shop__sources\.yml: not readable"):
        declared_tables(project)
