"""The seed public_suffixes says what the locked library publicsuffixlist says."""

import csv
import importlib.util
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

ROOT = Path(__file__).resolve().parents[2]


def load_script():
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "scripts" / "refresh_public_suffixes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rules():
    with (ROOT / "seeds" / "public_suffixes.csv").open(encoding="utf-8", newline="") as file:
        return [(row["suffix"], row["rule"]) for row in csv.DictReader(file)]


def registrable_domain(rules, domain):
    """The algorithm of publicsuffix.org on the seed's rows: an exception first, else the longest rule."""
    labels = domain.split(".")
    for start in range(len(labels)):
        suffix, parent = ".".join(labels[start:]), ".".join(labels[start + 1 :])
        if (suffix, "exception") in rules:
            return suffix
        if (suffix, "normal") in rules or (parent, "wildcard") in rules or start == len(labels) - 1:
            return ".".join(labels[start - 1 :]) if start else None


def test_the_seed_is_the_locked_librarys_list(tmp_path):
    load_script().write_seed(tmp_path / "fresh.csv")
    fresh = (tmp_path / "fresh.csv").read_text(encoding="utf-8")
    seed = (ROOT / "seeds" / "public_suffixes.csv").read_text(encoding="utf-8")
    assert fresh == seed, "run scripts/refresh_public_suffixes.py"


def test_every_suffix_gives_the_librarys_registrable_domain(rules):
    """Each rule's suffix with up to three labels before it, in Unicode and in punycode: some 40,000 domains.

    Left out is the bare name below a wildcard: by the algorithm as published `*.acme.example` says nothing about
    acme.example itself; the library takes it for a suffix, too. Its owner is a company like others.
    """
    known = set(rules)
    library = PublicSuffixList()
    wrong = []
    for suffix, rule in rules:
        for before in ("acme.", "eng.acme.", "a.eng.acme.") if rule == "wildcard" else ("", "acme.", "eng.acme."):
            domain = before + suffix
            if registrable_domain(known, domain) != library.privatesuffix(domain):
                wrong.append(domain)
    assert wrong == []


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("eng.acme.co.uk", "acme.co.uk"),
        ("co.uk", None),
        ("www.ck", "www.ck"),
        ("shop.www.ck", "www.ck"),
        ("acme.shop.ck", "acme.shop.ck"),
        ("acme.github.io", "acme.github.io"),
        ("eng.acme.example", "acme.example"),
        ("mail.食狮.公司.cn", "食狮.公司.cn"),
        ("mail.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
    ],
)
def test_known_domains(rules, domain, expected):
    assert registrable_domain(set(rules), domain) == expected


def test_suffixes_are_lower_case_without_marks(rules):
    assert [suffix for suffix, _ in rules if suffix != suffix.lower() or "*" in suffix or "!" in suffix] == []
    assert {rule for _, rule in rules} == {"normal", "wildcard", "exception"}
