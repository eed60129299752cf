"""What the palette offers, and which of it answers to a text that is typed. Nothing is drawn or done here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.domain.texts import LONGEST_LINE

SUBSEQUENCE_UP_TO: Final = 24
"""Characters of a text in which letters may be passed over: in longer ones they all are found somewhere."""
BEGUN: Final = 1
MISSED: Final = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done.

    Attributes:
        kind: What it is: ``command``, ``screen``, ``range``, ``sort``, ``theme``, ``index``, ``company`` or ``date``.
        name: What it is called in short, and completed to.
        about: What else there is to say, a company's name for one.
        target: What it leads to, as its kind has it.
        key: The key that does the same, empty for none.
        words: Other words that it answers to.
    """

    kind: str
    name: str
    about: str = ""
    target: str = ""
    key: str = ""
    words: tuple[str, ...] = ()


def matching(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """Entries that answer to a text, the closest first: of those of a kind that begin with it the shortest."""
    wanted = " ".join(typed.casefold().split())
    if not wanted:
        return list(entries)
    kinds: dict[str, int] = {}
    ranked = [
        ((rank, kinds.setdefault(entry.kind, len(kinds)), len(entry.name) * (rank == BEGUN)), entry)
        for entry in entries
        if (rank := _rank(entry, wanted)) < MISSED
    ]
    return [entry for _, entry in sorted(ranked, key=lambda hit: hit[0])]


def _rank(entry: Entry, wanted: str) -> int:
    """How far an entry is from a text; what it is called counts for more than what is said about it."""
    return min(
        _distance(entry.name, wanted, loose=True),
        *(_distance(word, wanted, loose=False) for word in entry.words),
        1 + _distance(entry.about, wanted, loose=False),
    )


def _distance(text: str, wanted: str, *, loose: bool) -> int:
    """0 the same, 1 at its beginning, 3 at that of a word, 5 anywhere, 7 its letters in their order, else missed."""
    text = text.casefold()
    if text == wanted:
        return 0
    at = text.find(wanted)
    if at == 0:
        return BEGUN
    if at > 0:
        return 3 if _begins_word(text, wanted) else 5
    if loose and len(wanted) > 1 and len(text) <= SUBSEQUENCE_UP_TO and _in_order(text, wanted):
        return 7
    return MISSED


def _begins_word(text: str, wanted: str) -> bool:
    at = text.find(wanted)
    while at > 0:
        if not text[at - 1].isalnum():
            return True
        at = text.find(wanted, at + 1)
    return False


def _in_order(text: str, wanted: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in wanted)


class TypedText:
    """What has been typed so far."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, text: str) -> None:
        """Add what was typed or pasted, without what cannot be shown."""
        room = max(0, LONGEST_LINE - len(self.text))
        self.text += "".join(character for character in text[:room] if character.isprintable())

    def rub(self) -> None:
        """Take back a character."""
        self.text = self.text[:-1]

    def rub_word(self) -> None:
        """Take back a word, with the blanks behind it."""
        self.text = self.text.rstrip().rpartition(" ")[0]
        self.text += " " if self.text else ""

    def clear(self) -> None:
        """Take back everything."""
        self.text = ""


class Choice:
    """The entries that answer, and which of them is chosen."""

    def __init__(self) -> None:
        self.entries: Sequence[Entry] = ()
        self.at = 0

    def take(self, entries: Sequence[Entry], *, keep: bool) -> None:
        """Other entries; ``keep``: the one that was chosen stays so where it is still among them."""
        chosen = self.current
        self.entries = entries
        self.at = entries.index(chosen) if keep and chosen in entries else 0

    @property
    def current(self) -> Entry | None:
        """The entry that is chosen."""
        return self.entries[self.at] if self.entries else None

    def move(self, steps: int) -> None:
        """Choose another one, not beyond the ends."""
        self.at = max(0, min(len(self.entries) - 1, self.at + steps))
