"""The thin runner around the dbt project: carries files in, runs dbt, publishes what passed its tests."""

__version__ = "0.1.0"
