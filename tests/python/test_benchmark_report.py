"""What the benchmark measured stays until it is measured again, and the page shows all of it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "benchmark"))
from measure import BuildSplit, Cost
from report import BASELINE, BUILD, DAILY, LEAST_DAILY, Result, add_results, render

SPLIT = BuildSplit({"dbt start-up": 10.0, "dbt nodes": 20.0}, {"model accounts": 3.0})


def test_what_is_measured_again_takes_the_place_of_the_older(tmp_path):
    file = tmp_path / "benchmarks.json"
    add_results(file, [Result(10, {BUILD: Cost(50, 90, 800), DAILY: Cost(20, 30, 700)}, {BUILD: SPLIT, DAILY: SPLIT})])
    add_results(file, [Result(1, {BASELINE: Cost(5, 9, 100)}, {})])
    scripts = {LEAST_DAILY: Cost(2, 3, 4), BASELINE: Cost(15, 30, 500), "a script": Cost(7, 7, 7)}
    newest = Result(10, {**scripts, BUILD: Cost(30, 60, 900)}, {})
    by_size = {result.activities: result for result in add_results(file, [newest])}
    assert list(by_size) == [1, 10]
    assert list(by_size[10].costs) == [BASELINE, "a script", BUILD, LEAST_DAILY, DAILY]
    assert by_size[10].costs[BUILD] == Cost(30, 60, 900)
    assert by_size[10].splits == {BUILD: SPLIT, DAILY: SPLIT}


def test_ratios_are_to_the_baseline_and_shares_to_the_full_build():
    costs = {
        BASELINE: Cost(15, 30, 500),
        BUILD: Cost(30, 60, 900),
        LEAST_DAILY: Cost(2, 3, 4),
        DAILY: Cost(15, 20, 900),
    }
    text = render([Result(10_000_000, costs, {BUILD: SPLIT, DAILY: SPLIT})])
    assert "| 10 million: `activity-score build` | 30.0 | 2.00 | 20.0 | 1.33 | 60.0 | 900 |" in text
    assert "| 10 million: the least a day more can cost, by hand | 2.0 | 10.0 % |" in text
    assert "| 10 million: daily run after 0.5 % more | 5.0 | 25.0 % |" in text
