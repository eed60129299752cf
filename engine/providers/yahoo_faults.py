"""What can go wrong between us and the vendor, in our words: by the names of the library's exceptions.

Names and not classes, because the library works with either of two clients whose exceptions have the same names, and
because what is told apart here must not cost the import of either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from engine.providers.vendor import LIMITED, REFUSED, UNREACHABLE, UNUSABLE, VendorFault

TOO_MANY: Final = 429
CLIENT_ERRORS: Final = 400
SERVER_ERRORS: Final = 500
NOT_LET_IN: Final = (401, 403)
NOT_THERE: Final = 404

LONGEST: Final = 120

UNKNOWN: Final = ("no data found", "may be delisted")
"""The vendor's words for a symbol that it does not know, or no longer."""

NOTHING_THERE: Final = ("data doesn't exist", "for this date range")
"""Its words for a window without a bar."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong.

    Attributes:
        kind: Kind of ``VendorFault``.
        reason: One short phrase.
        hint: What a person can do about it.
    """

    kind: str
    reason: str
    hint: str


PAUSE: Final = "wait an hour; a lower FLATCAP_REQUESTS_PER_SECOND asks less"
LATER: Final = "Yahoo has trouble; try again later"
NETWORK: Final = "check the network, or try again later"
LIBRARY: Final = "try again; if it stays, look for a newer version of yfinance"

RATE: Final = Trouble(LIMITED, "too many requests", PAUSE)
BROKEN: Final = Trouble(UNREACHABLE, "the answer broke off", NETWORK)
NOT_JSON: Final = Trouble(UNUSABLE, "an answer that is not JSON", LATER)

TROUBLES: Final[dict[str, Trouble]] = {
    "YFRateLimitError": RATE,
    "YFPricesMissingError": Trouble(UNUSABLE, "an answer without prices", LATER),
    "YFTzMissingError": Trouble(REFUSED, "no time zone is known of it", "check the symbol"),
    "YFDataException": Trouble(UNUSABLE, "Yahoo says that it is down", LATER),
    "JSONDecodeError": NOT_JSON,
    "Timeout": Trouble(UNREACHABLE, "no answer in time", NETWORK),
    "TimeoutError": Trouble(UNREACHABLE, "no answer in time", NETWORK),
    "DNSError": Trouble(UNREACHABLE, "the name of the host is not found", "check the network and its name server"),
    "ProxyError": Trouble(UNREACHABLE, "the proxy does not let it through", "check HTTPS_PROXY and the proxy"),
    "SSLError": Trouble(
        UNREACHABLE,
        "no secure connection (TLS)",
        "something may be in between; name its certificates in CURL_CA_BUNDLE",
    ),
    "IncompleteRead": BROKEN,
    "ChunkedEncodingError": BROKEN,
    "ConnectionError": Trouble(UNREACHABLE, "no connection", NETWORK),
    "TooManyRedirects": Trouble(UNUSABLE, "sent from one address to the next", NETWORK),
}
"""By the name of an exception or of one of its bases, the nearest first."""

CRASHES: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError, ValueError)
"""What the library raises when an answer is not as it thinks: it takes replies apart without looking first."""


def fault_of(error: BaseException) -> VendorFault:
    """The fault that an exception of the library stands for."""
    trouble = trouble_of(error)
    return VendorFault(trouble.kind, trouble.reason)


def trouble_of(error: BaseException) -> Trouble:
    """What goes wrong, and what can be done about it."""
    if isinstance(error, KeyError):
        return _without(str(error.args[0]) if error.args else "")
    for kind in type(error).__mro__:
        if kind.__name__ == "HTTPError":
            return _of_response(getattr(error, "response", None))
        if kind.__name__ in TROUBLES:
            return TROUBLES[kind.__name__]
    if isinstance(error, OSError):
        return Trouble(UNREACHABLE, f"no connection ({type(error).__name__})", NETWORK)
    return Trouble(UNUSABLE, f"an answer that the library cannot read ({type(error).__name__})", LIBRARY)


def _of_response(response: object) -> Trouble:
    """An answer that is an error; broken connections come with one of no status, or of a good one."""
    if response is None:
        return Trouble(UNUSABLE, "an answer that is an error", LATER)
    status = getattr(response, "status_code", 0)
    return trouble_of_status(status) if status >= CLIENT_ERRORS else BROKEN


def trouble_of_status(status: int) -> Trouble:
    """What a status of HTTP that is no success stands for."""
    plain = plain_trouble(status)
    return plain if plain is RATE else replace(plain, reason=f"{plain.reason} (HTTP {status})")


def plain_trouble(status: int) -> Trouble:
    """Likewise, without its number."""
    if status == TOO_MANY:
        return RATE
    if status in NOT_LET_IN:
        return Trouble(UNUSABLE, "not let in", "try again later, or from another network")
    if status == NOT_THERE or status >= SERVER_ERRORS:
        return Trouble(UNUSABLE, "an error of the server", LATER)
    return Trouble(REFUSED, "the question was refused", LIBRARY)


def is_gone(words: str) -> bool:
    """Whether these words of the vendor say that it does not know the symbol."""
    return not is_empty(words) and any(word in words.casefold() for word in UNKNOWN)


def is_empty(words: str) -> bool:
    """Whether these words of the vendor say that there is nothing in the window."""
    return any(word in words.casefold() for word in NOTHING_THERE)


def said(words: str) -> VendorFault:
    """The fault for other words of the vendor, which may be of any origin."""
    return VendorFault(UNUSABLE, f"Yahoo says: {legible(words)}")


def legible(words: str) -> str:
    """Words of the vendor as they can be shown and stored: in one line that is not too long."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words[: 2 * LONGEST]).split())[:LONGEST]


def _without(key: str) -> Trouble:
    """A part of the answer is missing; some parts will be missing the next time too."""
    if key == "exchangeTimezoneName":
        return Trouble(REFUSED, "an answer without a time zone", LIBRARY)
    return Trouble(UNUSABLE, f"an answer without {_PARTS.get(key, repr(key[:LONGEST]))}", LATER)


_PARTS: Final = {"timeseries": "counts of shares", "chart": "prices", "finance": "names"}
"""Parts of answers by their keys."""
