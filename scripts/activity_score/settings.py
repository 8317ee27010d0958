"""Checks the settings people edit, seeds, vars and segments, and finds everything wrong with them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

import yaml

from activity_score.errors import Problem
from activity_score.name_rules import check_name_rules
from activity_score.project import Project
from activity_score.seed_rows import Row, read_seed
from activity_score.seed_rules import BANDS, FIT_ENGAGEMENT_CELLS, FIT_GRADES, SEEDS, SURGE_RULES
from activity_score.segment_files import check_segments
from activity_score.signal_rules import check_signals

ACTIVE_DEVELOPERS = "active_developers"  # the breadth source: counts people, has no events and no half-life
MOST_HALF_LIVES = 12  # so many running sums int_developer_days has side by side
SCORED_DAYS = 103  # 90 of trend, and 13 before them that a surge looks back to
COMMUNITY_ROLES = ("admin", "moderator", "owner")  # what macros is_community_staff asks for
REPOSITORY = re.compile(r"\*|[\w.*-]+/[\w.*-]+", re.ASCII)

Seeds = dict[str, list[Row]]


def check_settings(project: Project) -> list[Problem]:
    """Find everything that is wrong with the seeds, the vars and the segments.

    Args:
        project: the dbt project with the vars in force.

    Returns:
        One problem per mistake, each naming file, row and mend; empty if all is well.
    """
    problems: list[Problem] = []
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(project.seeds.glob("_*.yml"))]
    types = {seed["name"]: seed["config"]["column_types"] for file in files for seed in file["seeds"]}
    seeds = {name: read_seed(project.seeds / f"{name}.csv", types[name], problems) for name in SEEDS}
    checks = (
        check_sources,
        check_activity_types,
        check_tenants,
        check_bands,
        check_aliases,
        check_name_rules,
        check_surge_rules,
        check_fit_rules,
        check_fit_grades,
        check_fit_engagement_cells,
        check_signals,
        check_route_settings,
    )
    for check in checks:
        problems.extend(check(seeds))
    problems.extend(check_systems(seeds, known_systems(project)))
    problems.extend(check_vars(project))
    problems.extend(check_retention(project, seeds))
    problems.extend(check_segments(project))
    return problems


def check_sources(seeds: Seeds) -> Iterator[Problem]:
    """Every event source fades; the breadth source does not, and must be there."""
    for row in seeds["sources"]:
        is_breadth = row["source"] == ACTIVE_DEVELOPERS
        if is_breadth and row["half_life_days"] is not None:
            yield row.problem(f"{ACTIVE_DEVELOPERS} has a half-life", "leave half_life_days empty: it counts people")
        if not is_breadth and row.values.get("half_life_days", 0) is None:
            yield row.problem(f"source {row['source']} has no half-life", "fill in half_life_days, in days")
    half_lives = {row["half_life_days"] for row in seeds["sources"] if row["party"] == "first"} - {None}
    if len(half_lives) > MOST_HALF_LIVES:
        what = f"first-party sources have {len(half_lives)} half-lives, {MOST_HALF_LIVES} at most can be summed up"
        yield Problem("seeds/sources.csv", what, "give some sources the same half_life_days")
    if seeds["sources"] and ACTIVE_DEVELOPERS not in values(seeds, "sources", "source"):
        yield Problem("seeds/sources.csv", f"no row for {ACTIVE_DEVELOPERS}", "add it, with an empty half_life_days")


def check_activity_types(seeds: Seeds) -> Iterator[Problem]:
    """Every type belongs to an event source."""
    sources = values(seeds, "sources", "source") - {ACTIVE_DEVELOPERS}
    for row in seeds["activity_types"]:
        if sources and row["source"] and row["source"] not in sources:
            mend = "it must be an event source of seeds/sources.csv: " + ", ".join(sorted(sources))
            yield row.problem(f"source is {row['source']!r}", mend)


def check_tenants(seeds: Seeds) -> Iterator[Problem]:
    """The default tenant is there, and every tenant's profile is known."""
    profiles = values(seeds, "scoring_profiles", "profile")
    for row in seeds["tenants"]:
        if profiles and row["profile"] and row["profile"] not in profiles:
            mend = "it must be a row of seeds/scoring_profiles.csv: " + ", ".join(sorted(profiles))
            yield row.problem(f"profile is {row['profile']!r}", mend)
    if seeds["tenants"] and "default" not in values(seeds, "tenants", "tenant_id"):
        yield Problem(
            "seeds/tenants.csv", "no row for the tenant default", "add it: every other tenant falls back on it"
        )


def check_bands(seeds: Seeds) -> Iterator[Problem]:
    """The bands meet: three of them, from 0 upwards, the last below 100."""
    bands = {row["category"]: row for row in seeds["score_bands"]}
    if not bands or not all({"category", "lower_bound"} <= row.values.keys() for row in bands.values()):
        return  # said already
    for name in BANDS:
        if name not in bands:
            yield Problem("seeds/score_bands.csv", f"no row for the band {name}", f"the bands are {', '.join(BANDS)}")
    present = [bands[name] for name in BANDS if name in bands]  # other names are refused by the seed's rules
    first, last = present[0], present[-1]
    if first["lower_bound"] != 0:
        yield first.problem(f"lower_bound is {first['lower_bound']:g}", "the first band must start at 0")
    for lower, upper in pairwise(present):
        if upper["lower_bound"] <= lower["lower_bound"]:
            what = f"{upper['category']} starts at {upper['lower_bound']:g}, not above {lower['category']}"
            yield upper.problem(what, f"raise its lower_bound above {lower['lower_bound']:g}")
    if last["lower_bound"] >= 100:
        yield last.problem(f"lower_bound is {last['lower_bound']:g}", "the last band must start below 100")


def check_surge_rules(seeds: Seeds) -> Iterator[Problem]:
    """Every rule that tells what made a surge is there."""
    found = values(seeds, "surge_rules", "rule")
    for rule in SURGE_RULES:
        if found and rule not in found:
            yield Problem("seeds/surge_rules.csv", f"no row for {rule}", "add it, with a value of 0 or more")


def check_aliases(seeds: Seeds) -> Iterator[Problem]:
    """An alias points in one step to an account's own domain, and on any day to one only."""
    columns = {"domain", "alias_of", "valid_from", "valid_to"}
    rows = [row for row in seeds["domain_aliases"] if columns <= row.values.keys()]
    aliases = {row["domain"] for row in rows}
    for row in rows:
        if row["alias_of"] == row["domain"]:
            yield row.problem(f"{row['domain']} is an alias of itself", "remove the row")
        elif row["alias_of"] in aliases:
            yield row.problem(f"alias_of {row['alias_of']} is itself an alias", "name the last domain of the chain")
        if days(row)[0] > days(row)[1]:
            yield row.problem(f"valid_to {row['valid_to']} is before valid_from", "swap or correct the dates")
    for one, other in combinations(sorted(rows, key=lambda row: (row["domain"], row.number)), 2):
        if one["domain"] == other["domain"] and max(days(one)[0], days(other)[0]) <= min(days(one)[1], days(other)[1]):
            what = f"the dates of {other['domain']} overlap those of row {one.number}"
            yield other.problem(what, "end one the day before the other begins (both days are included)")


def check_systems(seeds: Seeds, known: list[str]) -> Iterator[Problem]:
    """Rows that are for one system name one that there is."""
    for seed in ("event_rules", "lifecycle_stages"):
        for row in seeds[seed]:
            if row["source_system"] and row["source_system"] not in known:
                yield row.problem(f"source_system is {row['source_system']!r}", f"it must be one of {', '.join(known)}")


def known_systems(project: Project) -> list[str]:
    """The source systems that have a folder, by name."""
    return sorted(folder.name for folder in (project.root / "models" / "staging").iterdir() if folder.is_dir())


def check_fit_rules(seeds: Seeds) -> Iterator[Problem]:
    """Numbers have bounds, texts a pattern; and the rules can tell a company that fits."""
    for row in seeds["fit_rules"]:
        if not {"attribute", "pattern", "lower_bound", "upper_bound"} <= row.values.keys():
            continue  # said already
        lower, upper = row["lower_bound"], row["upper_bound"]
        has_bounds = lower is not None or upper is not None
        if row["attribute"] == "employee_count":
            if row["pattern"] or not has_bounds:
                yield row.problem(
                    "employee_count is a number",
                    "fill in lower_bound (included), upper_bound (not included) or both, and leave pattern empty",
                )
            elif lower is not None and upper is not None and lower >= upper:
                yield row.problem(f"upper_bound is {upper}", f"it must be above lower_bound, {lower}")
        elif has_bounds or not row["pattern"]:
            yield row.problem(
                f"{row['attribute']} is a text", "fill in pattern and leave lower_bound and upper_bound empty"
            )
    if not all({"attribute", "points"} <= row.values.keys() for row in seeds["fit_rules"]):
        return
    best: dict[str, int] = {}
    for row in seeds["fit_rules"]:
        best[row["attribute"]] = max(best.get(row["attribute"], 0), row["points"])
    highest = max((row["lower_bound"] or 0 for row in seeds["fit_grades"]), default=0)
    if best and sum(best.values()) < highest:
        yield Problem(
            "seeds/fit_rules.csv",
            f"the best of all companies gets {sum(best.values())} points and the highest grade starts at {highest}",
            "raise points here or lower lower_bound in seeds/fit_grades.csv",
        )


def check_fit_grades(seeds: Seeds) -> Iterator[Problem]:
    """The grades meet: three of them, C from 0 upwards."""
    grades = {row["fit_grade"]: row for row in seeds["fit_grades"]}
    if not grades or not all({"fit_grade", "lower_bound"} <= row.values.keys() for row in grades.values()):
        return  # said already
    for name in FIT_GRADES:
        if name not in grades:
            yield Problem("seeds/fit_grades.csv", f"no row for the grade {name}", "the grades are A, B, C")
    present = [grades[name] for name in reversed(FIT_GRADES) if name in grades]
    if present[0]["lower_bound"] != 0:
        yield present[0].problem(f"lower_bound is {present[0]['lower_bound']}", "the last grade must start at 0")
    for lower, upper in pairwise(present):
        if upper["lower_bound"] <= lower["lower_bound"]:
            what = f"{upper['fit_grade']} starts at {upper['lower_bound']}, not above {lower['fit_grade']}"
            yield upper.problem(what, f"raise its lower_bound above {lower['lower_bound']}")


def check_fit_engagement_cells(seeds: Seeds) -> Iterator[Problem]:
    """Each of the nine cells says whether it qualifies."""
    cells = values(seeds, "fit_engagement_cells", "fit_engagement_cell")
    for cell in FIT_ENGAGEMENT_CELLS:
        if cells and cell not in cells:
            yield Problem("seeds/fit_engagement_cells.csv", f"no row for the cell {cell}", "add it, with true or false")


def check_route_settings(seeds: Seeds) -> Iterator[Problem]:
    """The default tenant's row is there."""
    if seeds["route_settings"] and "default" not in values(seeds, "route_settings", "tenant_id"):
        yield Problem(
            "seeds/route_settings.csv", "no row for the tenant default", "add it: every other tenant falls back on it"
        )


def check_vars(project: Project) -> Iterator[Problem]:
    """The vars of dbt_project.yml, or of vars.yml in the data directory where it overrides them."""

    def problem(name: str, what: str, mend: str) -> Problem:
        return Problem(f"{'vars.yml' if name in project.overrides else 'dbt_project.yml, vars'}: {name}", what, mend)

    sources = project.vars.get("sources") or []
    known = known_systems(project)
    if not sources:
        yield problem("sources", "no source system is switched on", f"list one or more of {', '.join(known)}")
    for system in sources:
        if system not in known:
            yield problem("sources", f"{system!r} has no folder in models/staging", f"known are {', '.join(known)}")
    for system in project.vars.get("crm_precedence") or []:
        if system not in known:
            yield problem("crm_precedence", f"there is no system {system!r}", f"known are {', '.join(known)}")
    repositories = project.vars.get("tracked_repositories") or []
    if "gharchive" in sources and not repositories:
        yield problem("tracked_repositories", "empty, while gharchive is on", "list your repositories as owner/name")
    for pattern in repositories:
        if not REPOSITORY.fullmatch(str(pattern)):
            yield problem("tracked_repositories", f"{pattern!r} is no repository", "write owner/name, * for any text")
    for role in project.vars.get("community_staff") or []:
        if role not in COMMUNITY_ROLES:
            yield problem("community_staff", f"there is no role {role!r}", f"known are {', '.join(COMMUNITY_ROLES)}")
    for name in ("max_identifier_links", "identity_rounds"):
        value = project.vars.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield problem(name, f"is {value!r}", "it must be a whole number of 1 or more")


def check_retention(project: Project, seeds: Seeds) -> Iterator[Problem]:
    """`retention_days`: nothing may be deleted that a score of the trend looks back to.

    Args:
        project: the dbt project with the vars in force.
        seeds: the seeds; the longest window decides.
    """
    kept = project.vars.get("retention_days")
    least = SCORED_DAYS + max((row["window_days"] or 0 for row in seeds["scoring_profiles"]), default=0)
    if not isinstance(kept, int) or isinstance(kept, bool) or (kept and kept < least):
        where = "vars.yml" if "retention_days" in project.overrides else "dbt_project.yml, vars"
        yield Problem(f"{where}: retention_days", f"is {kept!r}", f"it must be {least} or more, or 0 to keep all")


def values(seeds: Seeds, seed: str, column: str) -> set:
    """The values of a column of a seed, without empty ones."""
    return {row[column] for row in seeds[seed]} - {None}


def days(row: Row) -> tuple[date, date]:
    """First and last day an alias holds; an empty end is open."""
    return row["valid_from"] or date.min, row["valid_to"] or date.max
