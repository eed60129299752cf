"""Every kind of decision about the data, declared once: the command line, the Data screen and imports walk it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """One kind of decision.

    Attributes:
        name: Its name in files, in commands and on screens.
        label: What it is about, in few words.
        text: One sentence that says what it does.
        needs: Attributes of ``Decision`` that it needs, beside the ticker.
        imported_as: Kind of file that says the same.
    """

    name: str
    label: str
    text: str
    needs: tuple[str, ...]
    imported_as: str


DECISIONS: Final[dict[str, DecisionKind]] = {
    kind.name: kind
    for kind in (
        DecisionKind(
            "accept-cap",
            "accepted cap",
            "The market cap given for a session is right, whatever the plausibility band says.",
            ("session",),
            "accepted-caps",
        ),
        DecisionKind(
            "final-price",
            "final price",
            "The last price of a stock that is delisted, 0 included: it is gone after the close of that session.",
            ("session", "price"),
            "final-prices",
        ),
        DecisionKind(
            "rename",
            "rename",
            "From a session on a stock goes by another ticker: both are one listing.",
            ("session", "text"),
            "renames",
        ),
        DecisionKind(
            "issuer",
            "issuer",
            "The company that a ticker belongs to: all lines of one company share one place.",
            ("text",),
            "securities",
        ),
    )
}
"""Every kind by name."""
