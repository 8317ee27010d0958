"""Check the project's YAML: on DuckDB dbt passes over a misspelt key without a word.

    python scripts/check_yaml_keys.py [PROJECT]

Every properties file, `dbt_project.yml` and `selectors.yml` is held against the JSON schemas that dbt
ships but applies to four other engines only, and against the rules of this project: what is named exists,
rows and columns are described. One line per finding, exit code 1 if there is one.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator, ValidationError

RESOURCE_FOLDERS = ["models", "seeds", "tests", "macros", "analyses"]
ROW_DESCRIPTION = "One row per "
REF = re.compile(r"""\bref\(\s*['"](\w+)['"]""")
SOURCE = re.compile(r"""\bsource\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]""")
MACRO = re.compile(r"{%-?\s*(?:macro|test|materialization)\s+(\w+)")

# dbt has no JSON schema for selectors (docs.getdbt.com, "YAML selectors").
SELECTOR_METHODS = "fqn tag path file source resource_type config test_type test_name package exposure unit_test access"
SELECTOR_KEYS = (
    "method value exclude children parents children_depth parents_depth childrens_parents "
    "indirect_selection greedy union intersection " + SELECTOR_METHODS
)
SELECTOR_SCHEMA = {
    "type": "object",
    "required": ["selectors"],
    "additionalProperties": False,
    "properties": {
        "selectors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "description", "definition"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "default": {"type": ["boolean", "string"]},
                    "definition": {"$ref": "#/definitions/criterion"},
                },
            },
        }
    },
    "definitions": {
        "criterion": {
            "type": ["string", "object"],
            "additionalProperties": False,
            "properties": {key: {} for key in SELECTOR_KEYS.split()}
            | {key: {"$ref": "#/definitions/criteria"} for key in ("union", "intersection", "exclude")}
            | {"method": {"enum": SELECTOR_METHODS.split()}},
        },
        "criteria": {"type": "array", "items": {"$ref": "#/definitions/criterion"}},
    },
}


class Loader(yaml.CSafeLoader):
    """YAML as dbt reads it, but dates stay text, as the JSON schemas have them."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class Document:
    """A YAML file with the line of every key.

    Attributes:
        path: the file, relative to the project.
        data: its content.
        lines: path of keys and list positions to the line (from 1) where that entry stands.
        findings: what is wrong with it, as (line, text).
    """

    path: Path
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)
    findings: list[tuple[int, str]] = field(default_factory=list)

    def find(self, where: tuple[Any, ...], text: str) -> None:
        """Note a finding at the innermost entry of `where` that has a line."""
        while where and where not in self.lines:
            where = where[:-1]
        self.findings.append((self.lines.get(where, 1), text))

    def entries(self, kind: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The named entries of one kind (`models`, `seeds`, ...) with their place in the file."""
        return named_entries(self.data.get(kind), (kind,))


def named_entries(entries: Any, where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The mappings with a name in a list; what is not one is the schema's finding."""
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and "name" in entry:
            yield (*where, position), entry


def read(file: Path, root: Path) -> Document:
    """Read a YAML file, noting lines, unreadable text and keys given twice."""
    document = Document(file.relative_to(root))

    def walk(node: yaml.Node, where: tuple[Any, ...]) -> None:
        document.lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                walk(item, (*where, position))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*where, key.value)
                if inner in document.lines:
                    document.findings.append((key.start_mark.line + 1, f"key {key.value!r} is given twice"))
                document.lines[inner] = key.start_mark.line + 1
                walk(value, inner)

    text = file.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader)
        if node is not None:
            walk(node, ())
            document.data = yaml.load(text, Loader)  # a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        document.findings.append((mark.line + 1 if mark else 1, f"not readable as YAML: {error.problem}"))
    if not isinstance(document.data, dict):
        document.findings.append((1, "expected `key: value` at the top"))
        document.data = {}
    return document


def dbt_schema(kind: str, name: str) -> dict[str, Any]:
    """One of the JSON schemas inside the installed dbt, read without importing dbt."""
    folder = Path(importlib.util.find_spec("dbt").submodule_search_locations[0])
    return json.loads((folder / "jsonschemas" / kind / name).read_text())


def causes(error: ValidationError) -> Iterator[ValidationError]:
    """The innermost errors: of the alternatives of an `anyOf`, those of the one that fits best."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).extend(causes(inner))
    if not branches:
        yield error
        return
    yield from max(branches.values(), key=lambda errors: (max(len(e.absolute_path) for e in errors), -len(errors)))


def check_schema(document: Document, validator: Draft7Validator) -> None:
    """Hold a document against a JSON schema; a value in Jinja may be anything, and `warn` is `Warn`."""
    for error in validator.iter_errors(document.data):
        for cause in causes(error):
            where, value = tuple(cause.absolute_path), str(cause.instance)
            if "{{" in value and isinstance(cause.instance, str):
                continue
            if cause.validator == "enum" and value.lower() in [str(one).lower() for one in cause.validator_value]:
                continue
            if cause.validator == "additionalProperties" and cause.validator_value is False:
                for key in sorted(set(cause.instance) - set(cause.schema.get("properties", {})), key=str):
                    document.find((*where, key), f"unknown key {key!r}")
            else:
                at = " > ".join(str(part) for part in where)
                document.find(where, f"{at}: {cause.message[:200]}")


def check_project(document: Document, root: Path, schema: dict[str, Any]) -> None:
    """Check the config trees of `dbt_project.yml`: `+keys` that dbt knows, folders that exist."""

    def walk(tree: Any, where: tuple[Any, ...], folder: Path, known: set[str]) -> None:
        for key, value in tree.items() if isinstance(tree, dict) else ():
            if key.startswith("+"):
                if key not in known:
                    document.find((*where, key), f"unknown key {key!r}")
            elif not (folder / key).is_dir() and not list(folder.glob(f"{key}.*")):
                document.find(
                    (*where, key), f"{folder.relative_to(root) / key} does not exist (a config key starts with +)"
                )
            else:
                walk(value, (*where, key), folder / key, known)

    for kind, definition in {"models": "ProjectModelConfig", "seeds": "ProjectSeedConfig"}.items():
        known = set(schema["definitions"][definition]["properties"])
        for package, tree in (document.data.get(kind) or {}).items():
            if package != document.data.get("name"):
                document.find((kind, package), f"{package!r} is not this project's name")
            walk(tree, (kind, package), root / kind, known)


def has_contract(project: dict[str, Any], root: Path, file: Path, entry: dict[str, Any]) -> bool:
    """Whether a model's contract is enforced, by its own YAML or by a folder of `dbt_project.yml`."""
    own = (entry.get("config") or {}).get("contract")
    tree, contract = (project.get("models") or {}).get(project.get("name")), None
    for part in (*file.relative_to(root / "models").with_suffix("").parts, None):
        contract = (tree or {}).get("+contract", contract)
        tree = (tree or {}).get(part)
    return bool(((own if own is not None else contract) or {}).get("enforced"))


def check_columns(document: Document, where: tuple[Any, ...], entry: dict[str, Any], typed: bool) -> None:
    """Check that an entry's columns are described, named once and, where asked, typed."""
    seen = set()
    for place, column in named_entries(entry.get("columns"), (*where, "columns")):
        name = f"{entry['name']}.{column['name']}"
        if column["name"] in seen:
            document.find(place, f"{name} is listed twice")
        seen.add(column["name"])
        if not str(column.get("description") or "").strip():
            document.find(place, f"{name} has no description")
        if typed and not column.get("data_type"):
            document.find(place, f"{name} has no data_type")


def check_rows(document: Document, where: tuple[Any, ...], entry: dict[str, Any]) -> None:
    """Check that a table's description says what one row is."""
    if not str(entry.get("description") or "").startswith(ROW_DESCRIPTION):
        document.find(where, f"the description of {entry['name']} does not start with {ROW_DESCRIPTION.strip()!r}")


def check_project_rules(root: Path, documents: list[Document], project: dict[str, Any]) -> list[str]:
    """Check what dbt's schemas cannot know: files, references, descriptions.

    Returns:
        findings about files that no YAML describes, one line each; all others are added to their document.
    """
    models = {file.stem: file for file in (root / "models").rglob("*.sql")}
    seeds = {file.stem: file for file in (root / "seeds").rglob("*.csv")}
    macros = {name for file in root.glob("[mt]*/**/*.sql") for name in MACRO.findall(file.read_text())}
    sources = {
        (entry["name"], table["name"])
        for document in documents
        for where, entry in document.entries("sources")
        for _, table in named_entries(entry.get("tables"), where)
    }
    described: set[str] = set()

    def check_references(document: Document, where: tuple[Any, ...], texts: list[str]) -> None:
        for text in texts:
            for name in REF.findall(str(text)):
                if name not in models and name not in seeds:
                    document.find(where, f"ref('{name}'): there is no such model or seed")
            for pair in SOURCE.findall(str(text)):
                if pair not in sources:
                    document.find(where, f"source('{pair[0]}', '{pair[1]}'): there is no such source table")

    for document in documents:
        for kind, files, suffix in (("models", models, "sql"), ("seeds", seeds, "csv")):
            for where, entry in document.entries(kind):
                name = entry["name"]
                if name in described:
                    document.find(where, f"{name} is described twice")
                described.add(name)
                if name not in files:
                    document.find(where, f"there is no {kind}/**/{name}.{suffix}")
                    continue
                check_rows(document, where, entry)
                if kind == "models":
                    check_columns(document, where, entry, has_contract(project, root, files[name], entry))
                else:
                    check_columns(document, where, entry, typed=False)
                    check_seed_columns(document, where, entry, files[name])
        for where, entry in document.entries("sources"):
            for place, table in named_entries(entry.get("tables"), (*where, "tables")):
                check_rows(document, place, table)
                check_columns(document, place, table, typed=True)
        for where, entry in document.entries("unit_tests"):
            if entry.get("model") not in models:
                document.find(where, f"unit test {entry['name']}: there is no model {entry.get('model')}")
            given = [block for block in entry.get("given") or [] if isinstance(block, dict)]
            check_references(document, where, [block.get("input", "") for block in given])
            for block in [*given, entry.get("expect") or {}]:
                fixture = block.get("fixture") if isinstance(block, dict) else None
                if fixture and not list((root / "tests").rglob(f"{fixture}.*")):
                    document.find(where, f"unit test {entry['name']}: there is no fixture {fixture}")
        for where, entry in document.entries("exposures"):
            check_references(document, where, entry.get("depends_on") or [])
        for where, entry in document.entries("macros"):
            if entry["name"] not in macros:
                document.find(where, f"there is no macro {entry['name']}")
    return [
        f"{file.relative_to(root)}: {name} is in no YAML file; describe it"
        for name, file in sorted({**models, **seeds}.items(), key=lambda item: item[1])
        if name not in described
    ]


def check_seed_columns(document: Document, where: tuple[Any, ...], entry: dict[str, Any], file: Path) -> None:
    """Check that a seed's YAML names exactly the columns of its file, and types only those."""
    with file.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines), [])
    listed = [column["name"] for _, column in named_entries(entry.get("columns"), where)]
    for name in [name for name in header if name not in listed]:
        document.find(where, f"{entry['name']}.{name} is in the file but not described")
    for name in [*listed, *((entry.get("config") or {}).get("column_types") or {})]:
        if name not in header:
            document.find(where, f"{entry['name']}.{name} is not in {file.name}")


def check(root: Path) -> list[str]:
    """Check all YAML of a dbt project.

    Args:
        root: the folder that holds `dbt_project.yml`.

    Returns:
        one line per finding, by file and line.
    """
    project_schema = dbt_schema("project", "0.0.110.json")
    project = read(root / "dbt_project.yml", root)
    check_schema(project, Draft7Validator(project_schema))
    check_project(project, root, project_schema)

    files = [
        file
        for folder in RESOURCE_FOLDERS
        for suffix in ("*.yml", "*.yaml")
        for file in sorted((root / folder).rglob(suffix))
    ]
    documents = [read(file, root) for file in files]
    resources = Draft7Validator(dbt_schema("resources", "latest.json"))
    for document in documents:
        check_schema(document, resources)
    undescribed = check_project_rules(root, documents, project.data)

    selectors = [read(file, root) for file in [root / "selectors.yml"] if file.is_file()]
    for document in selectors:
        check_schema(document, Draft7Validator(SELECTOR_SCHEMA))

    lines = [
        f"{document.path}:{line}: {text}"
        for document in [project, *selectors, *documents]
        for line, text in sorted(set(document.findings))
    ]
    return lines + undescribed


def main() -> int:
    """Print the findings; 1 if there is one."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings = check(root)
    print("\n".join(findings) if findings else "YAML keys: all known, all described")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
