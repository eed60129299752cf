"""What a symbol and a name say of a security: its type, its exchange, and the company behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

COMMON: Final = "common stock"

EXCHANGES: Final = {"NMS": "Nasdaq", "NGM": "Nasdaq", "NCM": "Nasdaq", "NYQ": "NYSE", "ASE": "NYSE American"}
"""Exchanges by the vendor's codes; others keep their code."""

SAME_CAP: Final = 0.01
"""Caps of two lines of one company differ by less than this: each is the whole company at its own line's price."""

_BY_COMPANY: Final = """
Alphabet: GOOG GOOGL
Atlanta Braves Holdings: BATRA BATRK
Banco Bradesco: BBD BBDO
Berkshire Hathaway: BRK-A BRK-B
Bio-Rad Laboratories: BIO BIO-B
Brown-Forman: BF-A BF-B
Central Garden & Pet: CENT CENTA
Clearway Energy: CWEN CWEN-A
Constellation Brands: STZ STZ-B
Crawford & Company: CRD-A CRD-B
Discovery: DISCA DISCB DISCK
Embotelladora Andina: AKO-A AKO-B
Federal Agricultural Mortgage: AGM AGM-A
First Citizens BancShares: FCNCA FCNCB
Formula One Group: FWONA FWONB FWONK
Fox: FOX FOXA
Gray Media: GTN GTN-A
Greif: GEF GEF-B
Haverty Furniture: HVT HVT-A
HEICO: HEI HEI-A
John Wiley & Sons: WLY WLYB
Kelly Services: KELYA KELYB
Lennar: LEN LEN-B
Liberty Broadband: LBRDA LBRDB LBRDK
Liberty Global: LBTYA LBTYB LBTYK
Liberty Latin America: LILA LILAB LILAK
Liberty Live Group: LLYVA LLYVB LLYVK
Liberty SiriusXM Group: LSXMA LSXMB LSXMK
Lionsgate: LGF-A LGF-B
McCormick: MKC MKC-V
Molson Coors: TAP TAP-A
Moog: MOG-A MOG-B
News Corporation: NWS NWSA
Paramount: PARA PARAA VIAC VIACA
Petrobras: PBR PBR-A
Royal Dutch Shell: RDS-A RDS-B
Rush Enterprises: RUSHA RUSHB
U-Haul Holding: UHAL UHAL-B
Under Armour: UA UAA
Watsco: WSO WSO-B
Zillow: Z ZG
"""

ISSUERS: Final[dict[str, str]] = {
    symbol: company
    for company, symbols in (line.split(": ") for line in _BY_COMPANY.strip().split("\n"))
    for symbol in symbols.split()
}
"""Company by symbol, for companies with several lines of stock; names alone do not always tell."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of common stock.

    Attributes:
        ticker: Its symbol.
        name: Name of the company.
        cap: Market cap of the whole company, None where it is not known.
    """

    ticker: str
    name: str
    cap: float | None


def security_type(symbol: str, name: str, exchange: str, quote_type: str) -> str:
    """What a security is, ``common stock`` for what may be a member of an index of stocks."""
    if quote_type not in ("", "EQUITY"):
        return _QUOTE_TYPES.get(quote_type, quote_type.lower())
    for pattern, kind in _SUFFIXES:
        if pattern.search(symbol):
            return kind
    if exchange in _NASDAQ and _FIFTH_LETTER.fullmatch(symbol):
        return _FIFTH_LETTERS[symbol[-1]]
    for pattern, kind in _NAMES:
        if pattern.search(name):
            return kind
    return COMMON


_QUOTE_TYPES: Final = {"ETF": "exchange traded fund", "MUTUALFUND": "fund"}
_NASDAQ: Final = ("NMS", "NGM", "NCM")

_SUFFIXES: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"-P[A-Z]?$", "preferred stock"),
        (r"-WI$", "when issued"),
        (r"-W[ST]?[A-Z]?$", "warrant"),
        (r"-U[NT]?$", "unit"),
        (r"-R[IT]?$", "right"),
    )
)
"""How the vendor writes what is not common stock; another letter after the dash is a class of it (BRK-B)."""

_FIFTH_LETTERS: Final = {
    "M": "preferred stock",
    "N": "preferred stock",
    "O": "preferred stock",
    "P": "preferred stock",
    "R": "right",
    "U": "unit",
    "W": "warrant",
}
"""What the fifth letter of a symbol on Nasdaq says; others are classes of common stock or say nothing about it."""

_FIFTH_LETTER: Final = re.compile(rf"[A-Z]{{4}}[{''.join(_FIFTH_LETTERS)}]")

_NAMES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\bpfd\b|\b(preferred|preference) (stock|shares?|securit|units?|series)|%.*\bpreferred\b", "preferred stock"),
        (r"(?<!american )\bdeposit[ao]ry (shares?|interests?)\b", "preferred stock"),
        (r"\bwarrants?$|\bwarrants? (to|exp)", "warrant"),
        (r"\b(notes?|debentures?|bonds?) due\b|\b(senior|subordinated) (notes?|debentures?)\b", "note"),
    )
)


def issuers(lines: Iterable[Line]) -> dict[str, str]:
    """Company of each line that shares it with another one, known by the table or by equal names.

    Equal names alone join nothing: the caps must be the same company's, or the symbols of one base (``BRK-A``,
    ``BRK-B``).
    """
    found: dict[str, str] = {}
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        if line.ticker in ISSUERS:
            found[line.ticker] = ISSUERS[line.ticker]
        elif plain_name(line.name):
            by_name.setdefault(plain_name(line.name), []).append(line)
    for name, alike in by_name.items():
        found |= dict.fromkeys(_joined(alike), name)
    return found


def _joined(alike: list[Line]) -> Iterator[str]:
    """Those lines of one name that are of the same company as another one of them."""
    for line in alike:
        if any(line is not other and _is_same(line, other) for other in alike):
            yield line.ticker


def _is_same(one: Line, other: Line) -> bool:
    if one.ticker.split("-")[0] == other.ticker.split("-")[0]:
        return True
    return one.cap is not None and other.cap is not None and abs(one.cap / other.cap - 1) <= SAME_CAP


def plain_name(name: str) -> str:
    """A company's name without what may differ from line to line: ``alphabet`` for ``Alphabet Inc. Class A``."""
    words = re.sub(r"[.'’]", "", name.casefold()).replace("&", " and ")
    words = re.sub(r"\b(class|cl|series|ser) [a-z0-9]{1,2}\b", " ", words)
    return " ".join(word for word in re.findall(r"\w+", words) if word not in _EMPTY_WORDS)


_EMPTY_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a adr ads ag american and co common company corp corporation de depositary inc incorporated limited llc lp "
        "ltd nv of ordinary plc sa se share shares stock the",
    )
)
"""Words of a name that say how a company is held, and not which one it is."""
