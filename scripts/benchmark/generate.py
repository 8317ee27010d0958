"""A generated feed for benchmarks: heavy-tailed over people and accounts, the same on every run.

    python scripts/benchmark/generate.py DATA_DIR --millions 1

A person has about 25 activities on average and a span of 7 to 180 days; an account about 300. Seven people
of ten use a work address, one a free one, two only a login. Of the records 2 % are repeated, 3 % arrive up
to ten days late, 2 % stand for several activities, some name a bot or an unknown type. Of the people
with an address a tenth leave it out half of the time: then only their device, login or user id is known.
Chance is a hash of the record's number.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

AS_OF = date(2026, 6, 15)  # the middle of a month: what arrives late is younger than the day of calibration
DAYS = 180
TYPES = 40
SEEDS = Path(__file__).resolve().parents[2] / "seeds"

# Even over [0, 1). A whole number for each (number, topic), since hash() of two values is their hashes xor-ed.
CHANCE = """
create macro chance(number, topic)
as hash(number * 1000003 + (hash(topic) % 1000000)::bigint) / 18446744073709551616.0
"""

FEED = """
with activity_types as (
    -- Types in an order of their own, so that the frequent ones are spread over the sources.
    select
        activity_type,
        row_number() over (order by md5(activity_type)) - 1 as type_number
    from read_csv('{seeds}/activity_types.csv')
    where source in (select source from read_csv('{seeds}/sources.csv') where party = 'first')
    order by type_number
    limit {types}
),

records as (
    -- A repeated record is the one before it once more, and arrives later.
    select
        record_number,
        record_number - case when chance(record_number, 'repeated') < 0.02 then 1 else 0 end as activity_number
    from (select range as record_number from range({first}, {last} + 1))
),

acts as (
    -- The square of an even chance puts a tenth of all activities on one person of a hundred.
    select
        *,
        floor({people} * power(chance(activity_number, 'person'), 2))::bigint as person,
        floor({types} * power(chance(activity_number, 'type'), 2))::bigint as type_number
    from records
),

people as (
    select
        *,
        floor({accounts} * power(chance(person, 'account'), 2))::bigint as account,
        chance(person, 'address') as address_chance,
        floor(7 + ({days} - 6) * power(chance(person, 'span'), 2))::bigint as span_days
    from acts
),

dated as (
    select
        *,
        case
            when {is_next_day} then {days} - floor(chance(activity_number, 'missed') * 1.05)::bigint
                * floor(10 * chance(activity_number, 'day'))::bigint
            else floor(({days} - span_days + 1) * chance(person, 'start'))::bigint
                + floor(span_days * chance(activity_number, 'day'))::bigint
        end as day_number,
        chance(person, 'unlinked') < {unlinked_share} and activity_number % 2 = 1 as is_unlinked,
        case when is_unlinked or activity_number % 2 = 0 then person % 3 end as second_kind
    from people
)

select
    'act-' || activity_number as activity_id,
    first_day() + to_days(day_number::integer)
        + to_seconds(floor(86400 * chance(activity_number, 'second'))::integer) as occurred_at,
    case
        when chance(activity_number, 'unknown') < 0.001 then 'not_in_the_seed' else activity_types.activity_type
    end as activity_type,
    case
        when is_unlinked or address_chance >= 0.8 then null
        when address_chance >= 0.7 then 'generated-person-' || person || '@gmail.com'
        when chance(person, 'subdomain') < 0.1 then 'person-' || person || '@eng.company-' || account || '.example'
        else 'person-' || person || '@company-' || account || '.example'
    end as email,
    case when second_kind = 0 or address_chance >= 0.8 then 'login-' || person end as github_login,
    case when second_kind = 1 then 'user-' || person end as user_id,
    case when second_kind = 2 then 'device-' || person end as anonymous_id,
    case when address_chance >= 0.9 then 'company-' || account || '.example' end as account_domain,
    'https://docs.example/page-' || floor(5000 * power(chance(activity_number, 'page'), 2))::bigint as url,
    chance(person, 'bot') < 0.002 as is_bot,
    case when chance(activity_number, 'count') < 0.02 then 2 + activity_number % 9 else 1 end as count,
    occurred_at + to_seconds(
        case
            when chance(record_number, 'late') < 0.03 then floor(864000 * chance(record_number, 'lateness'))
            else 60 + record_number % 600
        end::integer
    ) as loaded_at
from dated
inner join activity_types on dated.type_number = activity_types.type_number
"""


@dataclass(frozen=True)
class Size:
    """How much to generate.

    Attributes:
        activities: raw records.
        unlinked_share: share (0 to 1) of people whose every other activity carries only their second identifier.
    """

    activities: int
    unlinked_share: float = 0.1

    people = property(lambda self: max(20, self.activities // 25), doc="People, 25 activities each on average.")
    accounts = property(lambda self: max(5, self.activities // 300), doc="Companies, 300 activities on average.")


def generate(data_dir: Path, size: Size, file_format: str = "parquet") -> Path:
    """Write the feed up to AS_OF, `generic/activities/until.<format>`, below a data directory.

    Args:
        data_dir: the data directory; made if it is not there.
        size: how much to write.
        file_format: `parquet` or `csv`.

    Returns:
        the file.
    """
    return _write(data_dir / "generic" / "activities" / f"until.{file_format}", size, 1, size.activities)


def generate_next_day(data_dir: Path, size: Size, share: float = 0.005, file_format: str = "parquet") -> Path:
    """Write what arrives on the day after AS_OF, `generic/activities/next.<format>`, below a data directory.

    19 of 20 activities happened on that day, the others on one of the nine days before.

    Args:
        data_dir: the data directory, with the feed that `generate` wrote.
        size: how much that was.
        share: how much more, as a share of it.
        file_format: `parquet` or `csv`.

    Returns:
        the file.
    """
    file = data_dir / "generic" / "activities" / f"next.{file_format}"
    return _write(file, size, size.activities + 1, size.activities + round(size.activities * share))


def _write(file: Path, size: Size, first: int, last: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    feed = FEED.format(
        seeds=SEEDS,
        first=first,
        last=last,
        is_next_day=str(first > size.activities).lower(),
        people=size.people,
        accounts=size.accounts,
        days=DAYS,
        types=TYPES,
        unlinked_share=size.unlinked_share,
    )
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(CHANCE)
        connection.execute(f"create macro first_day() as timestamp '{AS_OF}' - to_days({DAYS - 1})")
        connection.execute(f"copy ({feed}) to '{file}' (format {file.suffix[1:]})")
    return file


def main() -> None:
    """Generate from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--millions", type=float, default=1, help="million activities (default: 1)")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--unlinked-share", type=float, default=0.1, help="0 to 1; default: 0.1")
    options = parser.parse_args()
    size = Size(round(options.millions * 1e6), options.unlinked_share)
    print(generate(options.data_dir, size, options.format))


if __name__ == "__main__":
    main()
