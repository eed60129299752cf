"""What a person types to decide about the data, and what it means."""

from __future__ import annotations

from datetime import date
from typing import Final

from engine.views.quality import Decision, Finding
from tuiapp import format as text
from tuiapp import keys
from tuiapp.widgets.prompt import Wanted

YES: Final = ("y", "yes")
ACCEPT: Final = "accept-cap"
FINAL: Final = "final-price"
RENAME: Final = "rename"
ISSUER: Final = "issuer"
WITHDRAW: Final = "withdraw"
KINDS: Final = (ACCEPT, FINAL, RENAME, ISSUER)
NEEDS: Final = {
    ACCEPT: ("findings.accept", "works on findings about a cap, such as quarantined-cap"),
    FINAL: ("findings.final", "works on a finding of kind ended"),
    WITHDRAW: ("decisions.withdraw", "takes back the decision under the cursor, and there is none"),
}
"""The key of a decision, and what it works on."""


class NotUnderstood(ValueError):
    """What was typed means nothing; says how to type it."""


def needs(kind: str, view: str) -> str:
    """What to do where the key of a decision has nothing to work on in this view."""
    key, said = NEEDS[kind]
    own = "Decisions" if kind == WITHDRAW else "Findings"
    if view != own:
        return f"{keys.shown(key)} works in {own}; {keys.shown('data.pane')} goes there"
    return f"{keys.shown(key)} {said}"


def idle(found: Finding | None, decided: Decision | None) -> frozenset[str]:
    """Ids of the keys of decisions that have nothing to work on: not this finding, nor this decision."""
    kinds = [kind for kind in (ACCEPT, FINAL) if question(kind, found) is None]
    kinds += [] if decided else [WITHDRAW]
    return frozenset(NEEDS[kind][0] for kind in kinds)


def question(kind: str, found: Finding | None) -> Wanted | None:
    """What to ask for a decision of this kind; None where the finding is not of the kind."""
    ticker = text.plain(found.ticker) if found else ""
    day = found.first.isoformat() if found and found.first else ""
    if kind == ACCEPT:
        fits = found is not None and found.remedy == ACCEPT and found.first is not None
        return Wanted(kind, f"accept the cap of {ticker} given for {day}? y:") if fits else None
    if kind == FINAL:
        return Wanted(kind, f"{ticker} final date and price:", f"{day} ") if found and found.remedy == FINAL else None
    if kind == RENAME:
        return Wanted(kind, "rename, date old new:", " ".join(filter(None, (day, ticker))) + " " * bool(ticker))
    return Wanted(kind, "issuer, ticker name:", f"{ticker} " if ticker else "", keep=True)


def take_back(decision: Decision) -> Wanted:
    """What to ask before a decision is taken back."""
    when = f" {decision.session}" if decision.session else ""
    return Wanted(WITHDRAW, f"withdraw {decision.kind} {text.plain(decision.ticker)}{when}? y:")


def is_yes(typed: str) -> bool:
    """Whether a question was answered with yes."""
    return typed.strip().lower() in YES


def understood(kind: str, typed: str, found: Finding | None) -> Decision | None:
    """The decision that was typed; None for none. Raises ``NotUnderstood``."""
    if not typed.strip():
        return None
    if kind == ACCEPT:
        return Decision(ACCEPT, found.ticker, found.first) if found and is_yes(typed) else None
    if kind == FINAL:
        return _final(typed.split(), found)
    return _rename(typed.split(), found) if kind == RENAME else _issuer(typed)


def _final(words: list[str], found: Finding | None) -> Decision:
    ticker = found.ticker if found else ""
    days, others = _days(words)
    if not days and found and found.first:
        days = [found.first]
    if len(days) != 1 or len(others) != 1:
        raise NotUnderstood("Type the last session and the price: 2024-03-15 0.25")
    try:
        price = float(others[0].replace(",", ""))
    except ValueError:
        raise NotUnderstood(f"“{text.plain(others[0])}” is no price: type 0.25, or 0 for nothing") from None
    return Decision(FINAL, ticker, days[0], price)


def _rename(words: list[str], found: Finding | None) -> Decision:
    days, others = _days(words)
    if len(words) == len(others) == 1 and found and found.first and found.ticker:
        days, others = [found.first], [found.ticker, *others]
    if len(days) != 1 or len(others) != 2:
        raise NotUnderstood("Type the first session of the new ticker, then both: 2022-06-09 FB META")
    old, new = (_ticker(word) for word in others)
    return Decision(RENAME, old, days[0], text=new)


def _issuer(typed: str) -> Decision:
    ticker, _, name = typed.strip().partition(" ")
    if not name.strip():
        raise NotUnderstood("Type the ticker, then the name of its issuer: GOOG Alphabet Inc.")
    return Decision(ISSUER, _ticker(ticker), text=name.strip())


def _ticker(word: str) -> str:
    return word.upper().replace(".", "-").replace("/", "-")


def _days(words: list[str]) -> tuple[list[date], list[str]]:
    """Whole dates among the words, and the other words."""
    days, others = [], []
    for word in words:
        day = text.typed_date(word) if word.count("-") == 2 else None
        if day is None:
            others.append(word)
        else:
            days.append(day)
    return days, others
