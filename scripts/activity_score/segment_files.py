"""The files of `models/segments`: which segments there are, and whether what their YAML says can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from activity_score.errors import Problem
from activity_score.project import Project

NAME = re.compile("[a-z][a-z0-9_]*")
META = ("playbook", "priority", "action_steps", "export")


def segment_names(project: Project) -> list[str]:
    """The names of the project's segments, in alphabetical order: those of the SQL files in `models/segments`.

    Args:
        project: the dbt project.
    """
    return sorted(file.stem for file in _folder(project).rglob("*.sql"))


def check_segments(project: Project) -> Iterator[Problem]:
    """Find what is wrong with the names of the segments' files and with their YAML.

    Args:
        project: the dbt project.

    Yields:
        One problem per mistake, each naming file and mend.
    """
    for file in sorted(_folder(project).rglob("*.sql")):
        if not NAME.fullmatch(file.stem):
            mend = "rename it to lower-case letters, digits and _ (its name is the segment's)"
            yield Problem(_where(project, file), f"{file.stem!r} is no name for a segment", mend)
    names = set(segment_names(project))
    for file in sorted(path for suffix in ("*.yml", "*.yaml") for path in _folder(project).rglob(suffix)):
        where = _where(project, file)
        try:
            models = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models") or []
        except (yaml.YAMLError, UnicodeDecodeError, AttributeError) as error:
            yield Problem(where, f"not readable as YAML ({' '.join(str(error).split())})", "mend the file")
            continue
        for model in models:
            name = model.get("name") if isinstance(model, dict) else model
            if name in names:
                yield from _check_yaml(where, model)
            else:
                yield Problem(where, f"describes {name!r}", f"write models/segments/{name}.sql or remove the entry")


def _check_yaml(where: str, model: dict[str, Any]) -> Iterator[Problem]:
    name, meta = model["name"], (model.get("config") or {}).get("meta") or model.get("meta") or {}
    if not str(model.get("description") or "").strip():
        yield Problem(where, f"{name} has no description", "say in one sentence which accounts are in it")
    for key in sorted(set(meta) - set(META)):
        yield Problem(where, f"{name}: meta has the unknown key {key!r}", f"the keys are {', '.join(META)}")
    playbook, priority, steps, export = (meta.get(key) for key in META)
    if playbook is not None and not (isinstance(playbook, str) and NAME.fullmatch(playbook)):
        mend = "write a name of lower-case letters, digits and _, such as the segment's own"
        yield Problem(where, f"{name}: playbook is {playbook!r}", mend)
    if priority is None:
        if playbook is not None:
            mend = "write a whole number; the playbook with the smallest gets the account"
            yield Problem(where, f"{name} has a playbook and no priority", mend)
    elif not isinstance(priority, int) or isinstance(priority, bool) or priority < 1:
        yield Problem(where, f"{name}: priority is {priority!r}", "it must be a whole number of 1 or more")
    if steps is not None and not (isinstance(steps, list) and all(isinstance(step, str) and step for step in steps)):
        mend = 'write a list of sentences, each in quotation marks: - "Call them."'
        yield Problem(where, f"{name}: action_steps is no list of texts", mend)
    if export is not None and not isinstance(export, bool):
        yield Problem(where, f"{name}: export is {export!r}", "it must be true or false")


def _folder(project: Project) -> Path:
    return project.root / "models" / "segments"


def _where(project: Project, file: Path) -> str:
    return file.relative_to(project.root).as_posix()
