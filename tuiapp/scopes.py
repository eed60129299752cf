"""Where keys work: everywhere, on a screen, in one of its views or widgets, or on a page."""

from __future__ import annotations

from typing import Final

EVERYWHERE: Final = "everywhere"
TABLE: Final = "tables"
PERFORMANCE: Final = "performance"
COMPOSITION: Final = "composition"
MEMBERS: Final = "members"
CONTRIBUTIONS: Final = "contributions"
CHANGES: Final = "changes"
DATA: Final = "data"
FINDINGS: Final = "findings"
DECISIONS: Final = "decisions"
AUDIT: Final = "audit"
FETCHES: Final = "fetches"
FIRST_RUN: Final = "first run"
CHART: Final = "charts"
SESSIONS: Final = "months, falls, days"
PAGE: Final = "pages"
EXPLANATION: Final = "explanation"
NAME: Final = "a company's page"
EVENTS: Final = "events"
PALETTE: Final = "palette"
EXPORT: Final = "export"
WRITTEN: Final = "a file just written"
INDICES: Final = "indices"

SCOPES: Final = (
    EVERYWHERE,
    FIRST_RUN,
    PERFORMANCE,
    CHART,
    SESSIONS,
    TABLE,
    COMPOSITION,
    MEMBERS,
    CONTRIBUTIONS,
    CHANGES,
    DATA,
    FINDINGS,
    DECISIONS,
    AUDIT,
    FETCHES,
    PALETTE,
    EXPORT,
    WRITTEN,
    PAGE,
    EXPLANATION,
    NAME,
    EVENTS,
    INDICES,
)
"""All of them, in the order in which they are listed."""

MET: Final = (
    (EVERYWHERE, FIRST_RUN, PERFORMANCE),
    (EVERYWHERE, FIRST_RUN, COMPOSITION, TABLE),
    (EVERYWHERE, FIRST_RUN, CHANGES, TABLE),
    (EVERYWHERE, FIRST_RUN, DATA, TABLE),
    (EVERYWHERE, PERFORMANCE, CHART),
    (EVERYWHERE, PERFORMANCE, SESSIONS, TABLE),
    (EVERYWHERE, COMPOSITION, MEMBERS, TABLE),
    (EVERYWHERE, COMPOSITION, CONTRIBUTIONS, TABLE),
    (EVERYWHERE, CHANGES, TABLE),
    *((EVERYWHERE, DATA, view, TABLE) for view in (FINDINGS, DECISIONS, AUDIT, FETCHES)),
    *((PAGE, page) for page in (EXPLANATION, NAME, EVENTS, INDICES)),
    (PAGE, FINDINGS, DATA),
    (PALETTE,),
    (EXPORT,),
    (WRITTEN,),
)
"""Scopes that meet: a key can mean one thing only in all of them together. The page of a finding has the keys that
decide, besides its own. The key for a file just written comes before all others, as long as that is what is said."""
