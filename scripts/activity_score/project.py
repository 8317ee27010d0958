"""Where things lie: the dbt project, the data directory and the warehouse directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from activity_score.errors import UserError


@dataclass(frozen=True)
class Project:
    """The dbt project and the vars in force.

    Attributes:
        root: the folder that holds `dbt_project.yml`.
        vars: the project's vars, overridden by `vars.yml` of the data directory where there is one.
        overrides: only what `vars.yml` overrides; handed to dbt as `--vars`.
    """

    root: Path
    vars: dict[str, Any]
    overrides: dict[str, Any] = field(default_factory=dict)

    @property
    def seeds(self) -> Path:
        """The folder of the seeds, the settings people edit."""
        return self.root / "seeds"

    @property
    def sources(self) -> list[str]:
        """The source systems that are switched on."""
        return list(self.vars["sources"])

    def sources_file(self, system: str) -> Path:
        """The YAML file that declares a source system's raw tables."""
        return self.root / "models" / "staging" / system / f"_{system}__sources.yml"


@dataclass(frozen=True)
class Warehouse:
    """The folders of a warehouse directory (see docs/architecture.md)."""

    root: Path

    current = property(lambda self: self.root / "current", doc="Symlink to the published build.")
    builds = property(lambda self: self.root / "builds", doc="One folder per published build.")
    work = property(lambda self: self.root / "work", doc="The private working folder.")
    log = property(lambda self: self.root / "log", doc="One log file per build.")
    lock = property(lambda self: self.root / "run.lock", doc="Held by the running build.")
    work_database = property(lambda self: self.work / "warehouse.duckdb", doc="The private working database.")
    work_marts = property(lambda self: self.work / "marts.duckdb", doc="The marts while they are built.")
    state = property(lambda self: self.root / "state", doc="What the last build leaves to the next.")
    state_database = property(lambda self: self.state / "warehouse.duckdb", doc="The working database it left.")
    state_file = property(lambda self: self.state / "state.json", doc="What it was made with.")
    target = property(lambda self: self.work / "target", doc="dbt's artifacts.")


def find_root(start: Path | None = None) -> Path:
    """Find the dbt project: the current folder or one above it, else the one this package was installed from.

    Args:
        start: where to begin looking; default the current folder.

    Raises:
        UserError: no `dbt_project.yml` of this project is in reach.
    """
    here = (start or Path.cwd()).resolve()
    for folder in [here, *here.parents, Path(__file__).resolve().parents[2]]:
        file = folder / "dbt_project.yml"
        if file.is_file() and (yaml.safe_load(file.read_text()) or {}).get("name") == "activity_score":
            return folder
    raise UserError(f"{here}: no activity_score dbt_project.yml here or above; run the command inside the project")


def load_project(root: Path | None = None, data_dir: Path | None = None) -> Project:
    """Read the project's vars and those that the data directory overrides in `vars.yml`.

    Args:
        root: the dbt project; default: found by `find_root`.
        data_dir: the data directory; its `vars.yml` may override vars of `dbt_project.yml` by name.

    Raises:
        UserError: `vars.yml` is not a mapping, or names a var that the project does not have.
    """
    root = root or find_root()
    project_vars = yaml.safe_load((root / "dbt_project.yml").read_text())["vars"]
    overrides: dict[str, Any] = {}
    file = data_dir / "vars.yml" if data_dir else None
    if file and file.is_file():
        try:
            overrides = yaml.safe_load(file.read_text()) or {}
        except yaml.YAMLError as error:
            raise UserError(f"{file}: not readable as YAML ({error}); mend it or remove the file") from error
        if not isinstance(overrides, dict):
            raise UserError(f"{file}: expected `name: value` lines; mend it or remove the file")
        unknown = sorted(set(overrides) - set(project_vars))
        if unknown:
            known = ", ".join(sorted(project_vars))
            raise UserError(f"{file}: no such var {unknown[0]!r}; known are {known}")
        for name, value in overrides.items():
            expected = type(project_vars[name])
            if not isinstance(value, expected):
                raise UserError(f"{file}: {name} must be a {expected.__name__}, not {value!r}; mend the value")
    return Project(root=root, vars={**project_vars, **overrides}, overrides=overrides)
