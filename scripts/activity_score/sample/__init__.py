"""The sample company that `activity-score demo` builds: Northwind Build, an invented maker of a build cache.

`stories` says which accounts there are and how each one's half year goes; `company` peoples them; `sessions` turns
their days into activities and `github` into GitHub events; `traps` plants what real feeds get wrong; `files` writes.
"""

from activity_score.sample.files import write_sample_company

__all__ = ["write_sample_company"]
