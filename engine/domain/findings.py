"""Every kind of finding about the data, declared once: the Data screen, ``show coverage`` and the help walk it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("high", "medium", "low")
"""High: levels are missing, or may well be wrong. Medium: a person should look. Low: nothing came of it."""


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    Attributes:
        name: Its name in files and on screens.
        severity: Its severity where it touched the index.
        text: One sentence that says what it is.
        remedy: What a person can decide about it: a key of ``engine.domain.decisions.DECISIONS``; empty for nothing.
        next_step: One short sentence that says what to do.
        severity_else: Its severity where it did not touch the index.
    """

    name: str
    severity: str
    text: str
    remedy: str = ""
    next_step: str = ""
    severity_else: str = "low"


FINDINGS: Final[dict[str, FindingKind]] = {
    kind.name: kind
    for kind in (
        FindingKind(
            "missing-session",
            "high",
            "A session for which there are no prices; no level is published.",
            next_step="fetch again later, or import its prices",
            severity_else="high",
        ),
        FindingKind(
            "incomplete-session",
            "high",
            "Too few members have a price; no level is published.",
            next_step="fetch again later, or import the missing prices",
            severity_else="high",
        ),
        FindingKind(
            "quarantined-cap",
            "high",
            "A given market cap outside of the plausibility band; the carried one is used.",
            remedy="accept-cap",
            next_step="accept the given cap if it is right",
        ),
        FindingKind(
            "band-expired",
            "high",
            "A given market cap outside of the plausibility band, taken because it has stood for 63 sessions.",
            remedy="accept-cap",
            next_step="accept it if it is right, or import the right market caps",
            severity_else="medium",
        ),
        FindingKind(
            "cap-step",
            "high",
            "A given market cap that moved by more than a quarter against the price, inside the plausibility band.",
            remedy="accept-cap",
            next_step="accept it if it is right, or import the right market caps",
        ),
        FindingKind(
            "no-cap",
            "high",
            "Prices without any market cap; not eligible.",
            next_step="import its market caps or shares",
        ),
        FindingKind(
            "restated",
            "high",
            "Fetched prices that do not go with the stored ones, or the market cap, without a split on record.",
            next_step="import the split, or its prices; the next fetch tries again",
            severity_else="high",
        ),
        FindingKind(
            "mass-failure",
            "high",
            "The vendor calls many names gone at once; not believed.",
            next_step="fetch again later",
            severity_else="high",
        ),
        FindingKind(
            "dividends-end",
            "high",
            "No dividend of any stock for more than a quarter, though prices go on.",
            next_step="import the dividends since",
            severity_else="high",
        ),
        FindingKind(
            "stale-price",
            "medium",
            "Sessions without a price; the last one is carried.",
            next_step="nothing if it was halted; else import the missing prices, if a later fetch does not bring them",
        ),
        FindingKind(
            "ended",
            "medium",
            "No price for more than five sessions while it was held: it left at its last price.",
            remedy="final-price",
            next_step="give the final price of the delisting",
        ),
        FindingKind(
            "delisted",
            "medium",
            "A stock that is gone by the vendor's word while it was held: it left at its last close.",
            remedy="final-price",
            next_step="give its final price where holders got another one",
        ),
        FindingKind(
            "jump",
            "medium",
            "A price return beyond 40 % without a split on record.",
            next_step="import the split, or the right price",
        ),
        FindingKind(
            "unmatched-dividend",
            "medium",
            "Dividends on days when nothing traded under the ticker; not counted.",
            remedy="rename",
            next_step="import them under the ticker of their day, or add a rename",
            severity_else="medium",
        ),
        FindingKind(
            "unmatched-split",
            "medium",
            "Splits on days when nothing traded under the ticker; not counted.",
            remedy="rename",
            next_step="import them under the ticker of their day, or add a rename",
            severity_else="medium",
        ),
        FindingKind(
            "unmatched-rename",
            "medium",
            "A rename that joins nothing: one of its tickers has no price around its date.",
            remedy="rename",
            next_step="correct its date or its tickers",
            severity_else="medium",
        ),
        FindingKind(
            "share-off",
            "medium",
            "Reported shares that miss the market cap given by more than 5 %.",
            next_step="import its market caps or shares",
            severity_else="medium",
        ),
        FindingKind(
            "reused",
            "medium",
            "A ticker that stands for another stock than before; the two do not join.",
            next_step="look at both; import what is missing of either",
            severity_else="medium",
        ),
        FindingKind(
            "unmatched-delisting",
            "low",
            "A delisting by the vendor's word that ends nothing: there is no listing on its session.",
        ),
        FindingKind(
            "lost-session",
            "low",
            "A stored session that the vendor no longer has; it is kept.",
        ),
        FindingKind(
            "unknown-ticker",
            "low",
            "Market caps or shares of a ticker that has no price on those days.",
            next_step="import its prices",
        ),
        FindingKind(
            "unmatched-decision",
            "medium",
            "A decision that changes nothing: there is no such cap or listing on its session.",
            next_step="withdraw it, or correct its session",
            severity_else="medium",
        ),
        FindingKind(
            "refused-row",
            "medium",
            "Rows of a file that were not taken, by reason.",
            next_step="correct the file and import it again",
            severity_else="medium",
        ),
        FindingKind(
            "not-eligible",
            "low",
            "A security that can never be a member.",
        ),
    )
}
"""Every kind by name, in the order of their weight."""
