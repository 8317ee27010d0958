"""The scoring rules a second time, in plain Python, to check the warehouse against.

Written from the rules (scoring.md, contracts.md) and from nothing else: no SQL of this project was read for it. It
favours being read over being fast: every number is computed from the definition, day by day, with loops. Its speed
suits worlds of some thousand activities.

    result = reference.score(feed, settings, as_of)
    result["account_scores_daily"]        # a pandas frame, columns named as in the published table
"""

from reference.engine import score, score_rows
from reference.feed import Feed
from reference.settings import Settings

__all__ = ["Feed", "Settings", "score", "score_rows"]
