"""What a fetch has to tell, by kind: declared once for the log, the Data screen and the list of findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class NoteKind:
    """One kind of note.

    Attributes:
        name: Its name in files and on screens.
        text: One sentence that says what it is.
        finding: Whether it stands among the findings about the data while it is the last word on its ticker.
    """

    name: str
    text: str
    finding: bool = False


@dataclass(frozen=True, slots=True)
class FetchNote:
    """Something that a fetch found out.

    Attributes:
        kind: A key of ``NOTES``.
        ticker: Ticker, or an empty string for the whole market.
        session: Session it is about, None for none.
        text: One sentence with its numbers.
    """

    kind: str
    ticker: str
    session: date | None
    text: str


NOTES: Final[dict[str, NoteKind]] = {
    kind.name: kind
    for kind in (
        NoteKind("correction", "A stored price, split or dividend that the vendor gives otherwise now; taken over."),
        NoteKind("split", "A split that was not known; stored prices stay as traded."),
        NoteKind("late-session", "A session that was missing and is there now."),
        NoteKind("lost-session", "A stored session that the vendor no longer has; it is kept.", finding=True),
        NoteKind(
            "restated",
            "Prices that do not go with the stored ones, or the market cap, without a split on record.",
            finding=True,
        ),
        NoteKind("reused", "A ticker that stands for another stock than before; the two do not join.", finding=True),
        NoteKind("delayed", "The vendor does not have the last closed session yet."),
        NoteKind("rename", "A ticker that goes on under another one, known by equal prices on common sessions."),
        NoteKind("delisting", "A ticker that is gone by the vendor's own word; removed at its last price."),
        NoteKind("back-again", "A ticker that was gone and has prices again; the delisting is taken back."),
        NoteKind("mass-failure", "The vendor calls many names gone at once; not believed.", finding=True),
        NoteKind("share-scale", "Reported shares of one class, scaled to the whole company by the market cap given."),
        NoteKind("share-off", "Reported shares that miss the market cap given by more than 5 %.", finding=True),
        NoteKind("no-cap", "A name that was listed without a market cap."),
        NoteKind("universe", "Names that came into the universe or left it."),
    )
}
"""Every kind by name."""
