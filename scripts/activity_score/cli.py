"""The command `activity-score`. Each command only reads its options, calls one function and prints what it returned."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from activity_score import __version__
from activity_score.errors import EXIT_OK, EXIT_USAGE, UserError

SAMPLE_MARKER = ".activity_score_sample"
EXIT_INTERRUPTED = 130


def main(args: list[str] | None = None) -> None:
    """Run the command; whatever goes wrong is one line on stderr, with a traceback only on `--debug`.

    Args:
        args: the words after `activity-score`; default: those of the process.
    """
    args = sys.argv[1:] if args is None else args
    is_debug = "--debug" in args or os.environ.get("ACTIVITY_SCORE_DEBUG", "").lower() in ("1", "true", "yes", "on")
    try:
        sys.exit(cli.main(args=args, prog_name="activity-score", standalone_mode=False) or EXIT_OK)
    except BrokenPipeError:  # `activity-score explain ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_OK)
    except (Exception, KeyboardInterrupt) as error:
        if is_debug:
            traceback.print_exc()
        code, message = explain_error(error)
    _print_errors(message)
    sys.exit(code)


def explain_error(error: BaseException) -> tuple[int, str]:
    """Put an error in words.

    Args:
        error: what was raised.

    Returns:
        The exit code and one line (several where several settings are wrong).
    """
    if isinstance(error, UserError):
        return error.exit_code, str(error)
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "activity-score"
        return EXIT_USAGE, f"{error.format_message()} (see `{command} --help`)"
    if isinstance(error, click.ClickException):
        return EXIT_USAGE, error.format_message()
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return EXIT_INTERRUPTED, "interrupted; readers still see the last published build"
    words = f"{type(error).__name__}: {error}".splitlines()[0]
    return EXIT_USAGE, f"unexpected {words}; run again with --debug to see where"


def option(name: str, *args: Any, **settings: Any) -> Callable:
    """A command-line option that also reads `ACTIVITY_SCORE_<NAME>`."""
    envvar = "ACTIVITY_SCORE_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *args, envvar=envvar, show_envvar=True, **settings)


DAY = click.DateTime(["%Y-%m-%d"])
FOLDER = click.Path(file_okay=False, path_type=Path)
data_dir_option = option("--data-dir", type=FOLDER, default="data", show_default=True, help="Where the raw files lie.")
warehouse_option = option(
    "--warehouse", "warehouse_dir", type=FOLDER, default="warehouse", show_default=True, help="Where builds are kept."
)
json_option = option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
threads_option = option(
    "--threads",
    type=click.IntRange(min=1),
    help="Models built at a time; default: what the profile says, on DuckDB one, which takes all CPUs.",
)
keep_option = option(
    "--keep", type=click.IntRange(min=1), default=10, show_default=True, help="Published builds to keep."
)
build_option = option("--build", "build_id", help="An earlier published build, by its id; see `activity-score status`.")
timeout_option = option(
    "--timeout", type=click.FloatRange(min=1), default=60, show_default=True, help="Seconds a query may take."
)
memory_option = option("--memory", default="1GB", show_default=True, help="Memory a query may use, and its result.")
debug_option = option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something goes wrong.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@debug_option
def cli() -> None:
    """Score accounts from what their developers do, and show the sum."""


@cli.command()
@data_dir_option
@warehouse_option
@threads_option
@keep_option
@json_option
@debug_option
def demo(data_dir: Path, warehouse_dir: Path, threads: int | None, keep: int, as_json: bool) -> int:
    """Write a sample company's raw data, build it, and print the top accounts."""
    from activity_score.build import build
    from activity_score.project import Warehouse, load_project

    as_of = write_sample(data_dir)
    warehouse = Warehouse(warehouse_dir)
    result = build(
        load_project(data_dir=data_dir), data_dir, warehouse, as_of=as_of, threads=threads, keep=keep, quiet=as_json
    )
    if result.exit_code == EXIT_OK:
        _print_top_accounts(warehouse.current / "marts.duckdb", as_json)
    else:
        _report_build(result, as_json)
    return result.exit_code


@cli.command()
@option("--as-of", type=DAY, help="The scored day; default: yesterday in UTC, the last complete day.")
@data_dir_option
@warehouse_option
@option("--target", default="duckdb", show_default=True, help="The engine: a target of profiles.yml.")
@threads_option
@option("--full-refresh", is_flag=True, help="Build incremental models from scratch.")
@keep_option
@json_option
@debug_option
def build(
    as_of: datetime | None,
    data_dir: Path,
    warehouse_dir: Path,
    target: str,
    threads: int | None,
    full_refresh: bool,
    keep: int,
    as_json: bool,
) -> int:
    """Check the settings, load the raw files, build and test, and publish what passed."""
    from activity_score.build import build as run_build
    from activity_score.project import Warehouse, load_project

    result = run_build(
        load_project(data_dir=data_dir),
        data_dir,
        Warehouse(warehouse_dir),
        as_of=_day(as_of),
        target=target,
        threads=threads,
        full_refresh=full_refresh,
        keep=keep,
        quiet=as_json,
    )
    _report_build(result, as_json)
    return result.exit_code


@cli.command()
@option("--from", "first", type=DAY, required=True, help="The first day to build.")
@option("--to", "last", type=DAY, required=True, help="The last day to build.")
@data_dir_option
@warehouse_option
@threads_option
@keep_option
@json_option
@debug_option
def backfill(
    first: datetime, last: datetime, data_dir: Path, warehouse_dir: Path, threads: int | None, keep: int, as_json: bool
) -> int:
    """Build every day of a range, one after another; a later day that readers see stays."""
    from dataclasses import asdict

    from activity_score.backfill import backfill as run_backfill
    from activity_score.project import Warehouse, load_project

    project, warehouse = load_project(data_dir=data_dir), Warehouse(warehouse_dir)
    options = {"threads": threads, "keep": keep, "quiet": as_json}
    results = []
    for result in run_backfill(project, data_dir, warehouse, first.date(), last.date(), **options):
        results.append(result)
        if not as_json:
            _report_build(result, as_json)
    if as_json:
        _print_json([asdict(result) for result in results])
    return results[-1].exit_code


@cli.command()
@data_dir_option
@warehouse_option
@json_option
@debug_option
def check(data_dir: Path, warehouse_dir: Path, as_json: bool) -> int:
    """Look at settings and raw files without building, and say everything that is wrong.

    After a build it also lists the names of pages, events, forms and campaigns that no rule knows, the most frequent
    first, each with a row for the seed.
    """
    from dataclasses import asdict

    from activity_score.check import check as run_check
    from activity_score.project import Warehouse, load_project

    problems = run_check(load_project(data_dir=data_dir), data_dir, Warehouse(warehouse_dir).current / "marts.duckdb")
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        _print_json([asdict(problem) for problem in problems])
    else:
        for problem in sorted(problems, key=lambda problem: problem.severity != "error"):
            print(f"{problem.severity}: {problem}")
        found = f"{_counted(len(errors), 'error')}, {_counted(len(problems) - len(errors), 'note')}"
        print(found if problems else "settings and inputs are fine")
    return EXIT_USAGE if errors else EXIT_OK


@cli.command()
@click.argument("account")
@option("--as-of", type=DAY, help="A day of the published trend; default: the day that was built.")
@option("--events", is_flag=True, help="Down to the single activity: weight, role, decay, points.")
@option("--tenant", help="Which tenant's account, where several have one of this name.")
@warehouse_option
@json_option
@debug_option
def explain(
    account: str, as_of: datetime | None, events: bool, tenant: str | None, warehouse_dir: Path, as_json: bool
) -> None:
    """Show what the score of ACCOUNT (its id, domain or name) is made of, and what moved it."""
    from activity_score.explain import explain as run_explain
    from activity_score.project import Warehouse
    from activity_score.publish import published_builds

    warehouse = Warehouse(warehouse_dir)
    database, builds = warehouse.current / "marts.duckdb", published_builds(warehouse)
    explanation = run_explain(database, account, as_of=_day(as_of), events=events, tenant=tenant, builds=builds)
    if as_json:
        _print_json(explanation)
    else:
        from rich.console import Console

        from activity_score.report import print_explanation

        print_explanation(explanation, Console())


@cli.command()
@click.argument("file", metavar="FILE.sql")
@option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a .csv, .parquet, .jsonl or .xlsx file.")
@option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Rows of the table to print.")
@option("--as-of", type=DAY, help="The build of an earlier scored day; default: the current build.")
@build_option
@timeout_option
@memory_option
@warehouse_option
@json_option
@debug_option
def query(
    file: str,
    out: Path | None,
    limit: int,
    as_of: datetime | None,
    build_id: str | None,
    timeout: float,
    memory: str,
    warehouse_dir: Path,
    as_json: bool,
) -> None:
    """Run the select of FILE.sql (- for standard input) over the published marts, in a sandbox.

    The tables are named plainly: `select account_name, activity_score from accounts`. A query can read the published
    marts and nothing else: no file, no network, no setting, no write.
    """
    from activity_score.choose_build import choose_build
    from activity_score.project import Warehouse
    from activity_score.query import as_json as json_rows
    from activity_score.query import print_answer, read_sql
    from activity_score.query import query as run_query
    from activity_score.sandbox import Limits, parse_memory

    limits = Limits(timeout, parse_memory(memory))
    build = choose_build(Warehouse(warehouse_dir), build_id, _day(as_of))
    name, sql = read_sql(file)
    answer = run_query(build, sql, name, limits, out, None if as_json else limit)
    if out:
        if as_json:
            _print_json({"file": str(out), "rows": answer.row_count})
        else:
            print(f"{out}: {answer.row_count:,} rows")
    elif as_json:
        _print_json(json_rows(answer))
    else:
        from rich.console import Console

        print_answer(answer, Console())


class Listed(click.ParamType):
    """Words separated by commas, each one of a few."""

    name = "list"

    def __init__(self, known: tuple[str, ...]) -> None:  # noqa: D107 - the class says it
        self.known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split the words, and refuse one that is not known."""
        if not isinstance(value, str):
            return value
        words = tuple(dict.fromkeys(word.strip().lower() for word in value.split(",") if word.strip()))
        wrong = [word for word in words if word not in self.known]
        if wrong or not words:
            self.fail(f"{(wrong or [value])[0]!r} is not one of {', '.join(self.known)}", param, ctx)
        return words


@cli.command()
@click.argument("segments", metavar="[SEGMENT ...]", nargs=-1)
@option(
    "--format",
    "formats",
    type=Listed(("csv", "parquet", "jsonl", "xlsx")),
    default="csv",
    show_default=True,
    metavar="csv,parquet,jsonl,xlsx",
    help="One or several, separated by commas.",
)
@option("--out", type=FOLDER, default="exports", show_default=True, help="The folder of the files.")
@option("--mart", "marts", multiple=True, metavar="NAME", help="A published mart as it is; may be repeated.")
@option(
    "--sql", "queries", multiple=True, metavar="FILE.sql", help="The rows of a select, as in `query`; may be repeated."
)
@option("--crm", type=click.Choice(["hubspot", "salesforce"]), help="Accounts as the CRM imports them.")
@option("--changes-since", type=DAY, help="Only rows added, removed or changed since the build of that day.")
@option("--mask-pii", is_flag=True, help="Names and addresses of people as salted hashes.")
@option("--tenant", help="Only this tenant's rows.")
@option("--as-of", type=DAY, help="The build of an earlier scored day; default: the current build.")
@build_option
@timeout_option
@memory_option
@warehouse_option
@json_option
@debug_option
def export(
    segments: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path,
    marts: tuple[str, ...],
    queries: tuple[str, ...],
    crm: str | None,
    changes_since: datetime | None,
    mask_pii: bool,
    tenant: str | None,
    as_of: datetime | None,
    build_id: str | None,
    timeout: float,
    memory: str,
    warehouse_dir: Path,
    as_json: bool,
) -> None:
    """Write SEGMENTs (default: all, and the account routes) as files, with a manifest.json.

    The files appear in one step: a reader sees the old export or the new one. Other files of the folder stay.
    """
    from activity_score.choose_build import choose_build
    from activity_score.exporting.export import Query, Request
    from activity_score.exporting.export import export as run_export
    from activity_score.project import Warehouse
    from activity_score.query import read_sql
    from activity_score.sandbox import Limits, parse_memory

    request = Request(
        segments=segments,
        marts=marts,
        queries=[Query(*read_sql(file)) for file in queries],
        crm=crm,
        formats=formats,
        changes_since=_day(changes_since),
        mask=mask_pii,
        tenant=tenant,
        limits=Limits(timeout, parse_memory(memory)),
    )
    warehouse = Warehouse(warehouse_dir)
    manifest = run_export(warehouse, choose_build(warehouse, build_id, _day(as_of)), request, out, quiet=as_json)
    if as_json:
        _print_json(manifest)
    else:
        from rich.console import Console

        from activity_score.exporting.report import print_export

        print_export(manifest, out, Console())


@cli.command()
@click.argument("segment", required=False)
@warehouse_option
@json_option
@debug_option
def segments(segment: str | None, warehouse_dir: Path, as_json: bool) -> None:
    """List the segments, their size and their change since the last build; with SEGMENT also its members."""
    from activity_score.project import Warehouse
    from activity_score.segments import print_segments, read_segments

    result = read_segments(Warehouse(warehouse_dir).current / "marts.duckdb", segment)
    if as_json:
        _print_json(result)
    else:
        from rich.console import Console

        print_segments(result, Console())


@cli.command()
@warehouse_option
@option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many of the last builds.")
@json_option
@debug_option
def status(warehouse_dir: Path, limit: int, as_json: bool) -> None:
    """Show what is published, and how the last builds ended."""
    from activity_score.project import Warehouse
    from activity_score.status import print_status, read_status

    state = read_status(Warehouse(warehouse_dir), limit)
    if as_json:
        _print_json(state)
    else:
        from rich.console import Console

        print_status(state, Console())


@cli.command()
@click.argument("build_id", required=False)
@warehouse_option
@json_option
@debug_option
def rollback(build_id: str | None, warehouse_dir: Path, as_json: bool) -> None:
    """Go back to the build before the current one, or to BUILD_ID."""
    from activity_score.lock import locked
    from activity_score.project import Warehouse
    from activity_score.publish import rollback as run_rollback

    warehouse = Warehouse(warehouse_dir)
    with locked(warehouse):
        build = run_rollback(warehouse, build_id)
    if as_json:
        _print_json(build.manifest)
    else:
        print(f"published again: {build.id}, as of {build.manifest.get('as_of_date')}")


def write_sample(data_dir: Path) -> date:
    """Write the sample company's raw files, never over files of somebody else's.

    Args:
        data_dir: the data directory.

    Returns:
        The sample's as-of date.

    Raises:
        UserError: the directory holds files that the demo did not write.
    """
    from activity_score.sample import write_sample_company

    marker = data_dir / SAMPLE_MARKER
    if data_dir.is_dir() and any(data_dir.iterdir()) and not marker.exists():
        raise UserError(f"{data_dir}: holds files that the demo did not write; choose another --data-dir")
    data_dir.mkdir(parents=True, exist_ok=True)
    marker.write_text("Written by activity-score demo, which may write it again.\n", encoding="utf-8")
    return write_sample_company(data_dir)


def _report_build(result: Any, as_json: bool) -> None:
    from dataclasses import asdict

    from activity_score.build import MAX_FAULTS_SHOWN

    if as_json:
        _print_json(asdict(result))
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    if result.exit_code != EXIT_OK:
        what = "a data test failed" if result.outcome == "tests failed" else "the build failed"
        _print_errors(f"{what}; nothing was published, the log is {result.log or 'empty'}")
        _print_errors("\n".join(result.faults[:MAX_FAULTS_SHOWN]))
        if len(result.faults) > MAX_FAULTS_SHOWN:
            _print_errors(f"... and {len(result.faults) - MAX_FAULTS_SHOWN} more; see the log")
    elif not as_json:
        records = _counted(sum(result.raw.values()), "raw record")
        accounts = _counted(result.tables.get("accounts", 0), "account")
        aside = f", {result.unreadable_records:,} unreadable" if result.unreadable_records else ""
        tests = ", ".join(f"{count} {status}" for status, count in sorted(result.tests.items()))
        print(f"{result.outcome} {result.build_id or ''} as of {result.as_of_date}: {records}{aside};"
              f" {accounts}; data tests: {tests or 'none'}; {sum(result.seconds.values()):.1f} s")  # fmt: skip


def _counted(number: int, noun: str) -> str:
    """`1 account`, `2,000 accounts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print_top_accounts(database: Path, as_json: bool) -> None:
    if as_json:
        from activity_score.top_accounts import top_accounts

        _print_json(top_accounts(database))
    else:
        from rich.console import Console

        from activity_score.report_top_accounts import print_top_accounts

        print_top_accounts(database, Console())


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _print_errors(message: str) -> None:
    for line in message.splitlines():
        print(f"error: {line}", file=sys.stderr)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


if __name__ == "__main__":
    main()
