"""scripts/check_yaml_keys.py finds each fault that dbt passes over, with its line, and nothing else."""

import importlib
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
check_yaml_keys = importlib.import_module("check_yaml_keys")

PROJECT = {
    "dbt_project.yml": """\
name: shop
version: "1.0.0"
models:
  shop:
    marts:
      +materialized: table
      +contract: {enforced: true}
      +enabled: "{{ var('on', true) }}"
""",
    "selectors.yml": """\
selectors:
  - name: nightly
    description: All but the seeds.
    definition:
      union:
        - {method: fqn, value: "*"}
        - exclude: [{method: resource_type, value: seed}]
""",
    "models/marts/orders.sql": "select 1 as order_id",
    "models/staging/stg_orders.sql": "select 1 as order_id",
    "models/_models.yml": """\
version: 2
sources:
  - name: crm
    tables:
      - name: deals
        description: One row per deal.
        columns: [{name: deal_id, data_type: text, description: The deal.}]
models:
  - name: orders
    description: One row per order.
    config: {tags: [daily]}
    columns:
      - name: order_id
        data_type: bigint
        description: The order.
        data_tests:
          - unique
          - accepted_values: {arguments: {values: [1]}, config: {severity: warn}}
  - name: stg_orders
    description: One row per raw order.
unit_tests:
  - name: keeps_the_order
    model: orders
    given:
      - input: ref('stg_orders')
        rows: [{order_id: 1, ordered_on: 2026-01-01}]
      - input: source('crm', 'deals')
        rows: []
    expect: {rows: [{order_id: 1}]}
exposures:
  - name: dashboard
    type: dashboard
    owner: {name: Sales}
    depends_on: [ref('orders')]
""",
    "seeds/bands.csv": "band,lower_bound\nLow,0\n",
    "seeds/_seeds.yml": """\
seeds:
  - name: bands
    description: One row per band.
    config: {column_types: {lower_bound: double}}
    columns: [{name: band, description: The band.}, {name: lower_bound, description: Score from which it starts.}]
""",
    "macros/days.sql": "{% macro days() %}1{% endmacro %}",
    "macros/_macros.yml": """\
macros:
  - name: days
    description: Days.
    arguments: [{name: from_day, type: string}]
""",
}

FAULTS = [  # file, what stands there, what stands there instead, the finding
    ("models/_models.yml", "description: One row per order.", "descriptoin: x", "10: unknown key 'descriptoin'"),
    ("models/_models.yml", "description: One row per order.", "", "9: the description of orders does not start"),
    ("models/_models.yml", "One row per raw", "A raw", "19: the description of stg_orders does not start"),
    ("models/_models.yml", "tags: [daily]", "tag: [daily]", "11: unknown key 'tag'"),
    ("models/_models.yml", "    columns:\n", "    colums:\n", "12: unknown key 'colums'"),
    ("models/_models.yml", "data_type: bigint", "datatype: bigint", "14: unknown key 'datatype'"),
    ("models/_models.yml", "        data_type: bigint\n", "", "13: orders.order_id has no data_type"),
    ("models/_models.yml", "        description: The order.\n", "", "13: orders.order_id has no description"),
    ("models/_models.yml", "config: {severity", "confg: {severity", "18: unknown key 'confg'"),
    ("models/_models.yml", "severity: warn", "severty: warn", "18: unknown key 'severty'"),
    ("models/_models.yml", "- name: stg_orders", "- name: stg_order", "19: there is no models/**/stg_order.sql"),
    ("models/_models.yml", "- name: stg_orders", "- name: orders", "19: orders is described twice"),
    ("models/_models.yml", "data_type: text", "type: text", "7: unknown key 'type'"),
    ("models/_models.yml", "One row per deal", "Deals", "5: the description of deals does not start"),
    ("models/_models.yml", ", description: The deal.", "", "7: deals.deal_id has no description"),
    ("models/_models.yml", "    given:", "    givn:", "24: unknown key 'givn'"),
    ("models/_models.yml", "expect: {rows:", "expect: {row:", "29: unknown key 'row'"),
    ("models/_models.yml", "model: orders", "model: order", "22: unit test keeps_the_order: there is no model order"),
    ("models/_models.yml", "ref('stg_orders')", "ref('stg_order')", "22: ref('stg_order'): there is no such"),
    ("models/_models.yml", "'crm', 'deals'", "'crm', 'deal'", "22: source('crm', 'deal'): there is no such"),
    ("models/_models.yml", "rows: []", "fixture: none", "22: unit test keeps_the_order: there is no fixture"),
    ("models/_models.yml", "    depends_on", "    depend_on", "34: unknown key 'depend_on'"),
    ("models/_models.yml", "[ref('orders')]", "[ref('order')]", "31: ref('order'): there is no such"),
    ("models/_models.yml", "exposures:", "exposure:", "30: unknown key 'exposure'"),
    ("models/_models.yml", "type: dashboard", "type: [", "not readable as YAML"),
    ("models/_models.yml", "data_type: bigint", "name: other", "14: key 'name' is given twice"),
    (
        "models/_models.yml",
        "        data_tests:",
        "      - name: order_id\n        data_tests:",
        "16: orders.order_id is listed twice",
    ),
    ("seeds/_seeds.yml", "{name: band,", "{name: bnd,", "2: bands.bnd is not in bands.csv"),
    ("seeds/_seeds.yml", "{name: band,", "{name: bnd,", "2: bands.band is in the file but not described"),
    ("seeds/_seeds.yml", "{lower_bound: double", "{lower: double", "bands.lower is not in bands.csv"),
    ("seeds/_seeds.yml", "column_types", "column_type", "4: unknown key 'column_type'"),
    ("macros/_macros.yml", "name: days", "name: day", "2: there is no macro day"),
    ("macros/_macros.yml", "arguments", "argument", "4: unknown key 'argument'"),
    ("dbt_project.yml", "version:", "versoin:", "2: unknown key 'versoin'"),
    ("dbt_project.yml", "+materialized", "+materialised", "6: unknown key '+materialised'"),
    ("dbt_project.yml", "+contract: {enforced", "+contract: {enforce", "7: unknown key 'enforce'"),
    ("dbt_project.yml", "    marts:", "    mart:", "5: models/mart does not exist"),
    ("dbt_project.yml", "  shop:", "  shops:", "4: 'shops' is not this project's name"),
    ("selectors.yml", "method: fqn", "methd: fqn", "6: unknown key 'methd'"),
    ("selectors.yml", "method: fqn", "method: fnq", "'fnq' is not one of"),
    ("selectors.yml", "    description: All but the seeds.\n", "", "'description' is a required property"),
    ("models/staging/stg_orders.sql", None, "models/staging/stg_new.sql", "stg_new is in no YAML file"),
]


def write_project(folder):
    """A project without fault, one of each kind of entry."""
    for name, text in PROJECT.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_a_project_without_fault_has_no_finding(tmp_path):
    write_project(tmp_path)
    assert check_yaml_keys.check(tmp_path) == []


@pytest.mark.parametrize(("name", "text", "instead", "finding"), FAULTS)
def test_each_fault_is_found_where_it_stands(tmp_path, name, text, instead, finding):
    write_project(tmp_path)
    file = tmp_path / name
    if text is None:
        shutil.copy(file, tmp_path / instead)
        name = instead
    else:
        assert text in file.read_text()
        file.write_text(file.read_text().replace(text, instead, 1))
    findings = check_yaml_keys.check(tmp_path)
    assert any(line.startswith(f"{name}:") and finding in line for line in findings), findings


def test_a_contract_of_one_model_alone_asks_for_types(tmp_path):
    write_project(tmp_path)
    file = tmp_path / "models/_models.yml"
    typeless = "    columns: [{name: order_id, description: The order.}]\n"
    file.write_text(file.read_text().replace("raw order.\n", "raw order.\n" + typeless))
    assert check_yaml_keys.check(tmp_path) == []
    file.write_text(file.read_text().replace(typeless, typeless + "    config: {contract: {enforced: true}}\n"))
    assert [line for line in check_yaml_keys.check(tmp_path) if "stg_orders.order_id has no data_type" in line]
