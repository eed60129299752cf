"""What holds for every table of a store, whatever is in it: one statement each, and how a breach can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from engine import calendar
from engine.store.database import Session
from engine.store.statements import quoted

NEWEST: Final = "newest"
"""Mended by keeping, of rows with one key, that of the newest batch."""

OUT: Final = "out"
"""Mended by taking the rows out: they cannot be."""

BUILD: Final = "build"
"""Mended by building the index again."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that holds.

    Attributes:
        statement: The statement that counts the breaches and gives one of them.
        tables: The tables that it is about.
        text: What a breach is called, in the plural, with a capital.
        mend: How it is mended, empty where a person has to.
    """

    statement: str
    tables: tuple[str, ...]
    text: str
    mend: str = ""

    @property
    def name(self) -> str:
        """Its short name."""
        return self.statement.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold.

    Attributes:
        invariant: Which one.
        rows: How many rows, or sessions, break it.
        example: One of them.
    """

    invariant: Invariant
    rows: int
    example: str


RAW_TABLES: Final = (
    "price", "shares", "market_cap", "split", "dividend", "rename", "benchmark", "fx", "accepted_cap", "final_price",
    "delisting", "universe_snapshot", "security", "share_scale",
)  # fmt: skip

_SMALL: Final = tuple(table for table in RAW_TABLES if table not in ("price", "shares", "market_cap"))
_TWICE: Final = "with the session and ticker of another one"
_NOT_POSITIVE: Final = "that are no positive number"


def _raw(statement: str, text: str, *tables: str, mend: str = "") -> Invariant:
    return Invariant(statement, tables, text, mend)


def _derived(statement: str, text: str, *tables: str) -> Invariant:
    return Invariant(statement, tables, text, BUILD)


INVARIANTS: Final = (
    _raw("invariants/price_keys", f"Prices {_TWICE}", "price", mend=NEWEST),
    _raw("invariants/price_values", f"Prices {_NOT_POSITIVE}", "price", mend=OUT),
    _raw("invariants/shares_keys", f"Reports of shares {_TWICE}", "shares", mend=NEWEST),
    _raw("invariants/shares_values", f"Reports of shares {_NOT_POSITIVE}", "shares", mend=OUT),
    _raw("invariants/market_cap_keys", f"Market caps {_TWICE}", "market_cap", mend=NEWEST),
    _raw("invariants/market_cap_values", f"Market caps {_NOT_POSITIVE}", "market_cap", mend=OUT),
    _raw("invariants/raw_keys", "Rows of raw tables with the key of another one", *_SMALL),
    _raw("invariants/raw_references", "Rows of raw tables from a batch that is not on record", *RAW_TABLES, "ingest"),
    _raw("invariants/split_values", "Splits of a ratio that is no positive number", "split", mend=OUT),
    _raw("invariants/dividend_values", f"Dividends {_NOT_POSITIVE}", "dividend", mend=OUT),
    _raw("invariants/benchmark_values", f"Closes of benchmarks {_NOT_POSITIVE}", "benchmark", mend=OUT),
    _raw("invariants/fx_values", f"Rates of currencies {_NOT_POSITIVE}", "fx", mend=OUT),
    _raw("invariants/final_price_values", "Final prices that are negative or no number", "final_price", mend=OUT),
    _raw("invariants/share_scale_values", f"Scales of shares {_NOT_POSITIVE}", "share_scale", mend=OUT),
    _raw(
        "invariants/universe_snapshot_values", "Names of a snapshot with a negative cap or close", "universe_snapshot"
    ),
    _raw("invariants/tickers", "Rows without a ticker", "security", "accepted_cap", "delisting"),
    _raw("invariants/rename_values", "Renames to nothing or to the same ticker", "rename"),
    _raw("invariants/ingest_values", "Batches that count less than nothing", "ingest"),
    _raw("invariants/refused_row_values", "Refused rows that count nothing or end before they begin", "refused_row"),
    _raw("invariants/data_version_values", "Data versions other than the one there must be", "data_version"),
    _raw("invariants/schema_migration_values", "Changes of the schema that are missing", "schema_migration"),
    _raw("invariants/audit_values", "Records of changes that count less than nothing", "audit"),
    _raw("invariants/fetch_state_values", "Answers of a vendor of an unknown outcome", "fetch_state"),
    _raw("invariants/fetch_run_values", "Fetches that ended before they began or count less than nothing", "fetch_run"),
    _raw("invariants/fetch_note_references", "Notes of a fetch that is not on record", "fetch_note", "fetch_run"),
    _derived("invariants/index_build_values", "Builds that do not go with the data on record", "index_build", "ingest"),
    _derived("invariants/index_session_keys", "Sessions of an index that are out of order", "index_session"),
    _derived(
        "invariants/index_session_dates", "Sessions of an index without trading or prices", "index_session", "price"
    ),
    _derived("invariants/index_session_levels", "Levels that do not follow from the returns", "index_session"),
    _derived("invariants/index_session_members", "Sessions that count members wrongly", "index_session", "constituent"),
    _derived(
        "invariants/index_session_changes", "Sessions that count changes wrongly", "index_session", "index_change"
    ),
    _derived("invariants/constituent_keys", "Constituents of a session that are there twice", "constituent"),
    _derived(
        "invariants/constituent_sessions", "Constituents at no session of the index", "constituent", "index_session"
    ),
    _derived("invariants/constituent_weights", "Sessions whose weights do not add up to 1", "constituent"),
    _derived("invariants/constituent_ranks", "Sessions with a gap in the ranks", "constituent"),
    _derived("invariants/constituent_caps", "Constituents that are larger than one of a better rank", "constituent"),
    _derived("invariants/constituent_values", "Constituents with values that cannot be", "constituent"),
    _derived("invariants/contribution_keys", "Contributions that are there twice", "contribution"),
    _derived(
        "invariants/contribution_sessions", "Contributions at no session of the index", "contribution", "index_session"
    ),
    _derived(
        "invariants/contribution_sums", "Sessions whose contributions miss the return", "contribution", "index_session"
    ),
    _derived("invariants/index_change_keys", "Changes of members that are there twice", "index_change"),
    _derived(
        "invariants/index_change_sessions",
        "Changes of members at no session of the index",
        "index_change",
        "index_session",
    ),
    _derived("invariants/index_change_members", "Changes that the members contradict", "index_change", "constituent"),
    _derived("invariants/listing_spell_values", "Times under a ticker that overlap", "listing_spell"),
    _derived("invariants/market_state_keys", "Stored states of the market that are there twice", "market_state"),
    _derived("invariants/market_state_values", "Stored states of the market that cannot be", "market_state"),
    _derived("invariants/finding_keys", "Findings that are there twice or end before they begin", "finding"),
)
"""Everything that holds, raw tables first."""


def breaches(session: Session) -> tuple[Breach, ...]:
    """Every invariant that does not hold."""
    return tuple(_broken(session))


def _broken(session: Session) -> Iterator[Breach]:
    for invariant in INVARIANTS:
        rows, example = session.rows(invariant.statement, _values(session, invariant))[0]
        if rows:
            yield Breach(invariant, int(rows), str(example or ""))


def _values(session: Session, invariant: Invariant) -> dict[str, Any]:
    """The sessions that the exchange was open are nothing that SQL could know."""
    if invariant.name != "index_session_dates":
        return {}
    first, last = session.rows("build/span")[0]
    return {"sessions": calendar.sessions_between(first, last) if first else []}


def read_every_block(session: Session) -> tuple[str, ...]:
    """Read all columns of all tables, so that every checksum is looked at; gives the names of the tables."""
    tables: dict[str, list[str]] = {}
    for table, column in session.rows("repair/columns"):
        tables.setdefault(table, []).append(f"bit_xor(hash({quoted(column)}))")
    for table, columns in tables.items():
        session.connection.execute(f"select {', '.join(columns)} from {quoted(table)}").fetchall()  # noqa: S608 (names of our own)
    return tuple(tables)
