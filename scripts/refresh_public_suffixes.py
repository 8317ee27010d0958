"""Write seeds/public_suffixes.csv from the data bundled with the locked library publicsuffixlist.

Run it after the library was upgraded in the lock: `.venv/bin/python scripts/refresh_public_suffixes.py`.
The rules (ICANN and private sections) are those of the Public Suffix List, Mozilla Public License 2.0.
"""

from __future__ import annotations

import csv
from pathlib import Path

SEED = Path(__file__).resolve().parents[1] / "seeds" / "public_suffixes.csv"


def read_rules() -> list[tuple[str, str]]:
    """Read every rule of the library's bundled list.

    Returns:
        Pairs of suffix and rule (`normal`, `wildcard`, `exception`), sorted. The suffix is in lower case and without
        the `*.` or `!` that the list marks rules with; one that is not ASCII comes in both spellings, Unicode and
        punycode, because a domain may arrive in either.
    """
    import publicsuffixlist  # needed here only, and only by those who refresh the seed

    lines = (Path(publicsuffixlist.__file__).parent / "public_suffix_list.dat").read_text(encoding="utf-8").splitlines()
    rules = set()
    for line in lines:
        text = line.split()[0].lower() if line.strip() and not line.startswith("//") else ""
        if not text:
            continue
        kind = {"*": "wildcard", "!": "exception"}.get(text[0], "normal")
        suffix = text.removeprefix("*.").removeprefix("!")
        rules.update({(suffix, kind), (suffix.encode("idna").decode("ascii"), kind)})
    return sorted(rules)


def write_seed(path: Path = SEED) -> int:
    """Write the seed.

    Args:
        path: the CSV file to write.

    Returns:
        The number of rules written.
    """
    rules = read_rules()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["suffix", "rule"])
        writer.writerows(rules)
    return len(rules)


if __name__ == "__main__":
    print(f"{SEED}: {write_seed()} rules")
