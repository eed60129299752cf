"""Symbols, companies and sectors of an invented market."""

from __future__ import annotations

from typing import Final

SECTORS: Final = {
    "Technology": ("Software - Application", "Semiconductors"),
    "Healthcare": ("Drug Manufacturers - General", "Medical Devices"),
    "Financial Services": ("Banks - Diversified", "Insurance - Life"),
    "Consumer Cyclical": ("Auto Manufacturers", "Home Improvement Retail"),
    "Communication Services": ("Telecom Services", "Entertainment"),
    "Industrials": ("Railroads", "Aerospace & Defense"),
    "Consumer Defensive": ("Beverages - Non-Alcoholic", "Household & Personal Products"),
    "Energy": ("Oil & Gas Integrated", "Oil & Gas Midstream"),
    "Basic Materials": ("Specialty Chemicals", "Copper"),
    "Real Estate": ("REIT - Industrial", "REIT - Retail"),
    "Utilities": ("Utilities - Regulated Electric", "Utilities - Renewable"),
}
"""Sectors in the vendor's words, and industries of each."""

EXCHANGES: Final = {"NMS": "NasdaqGS", "NYQ": "NYSE", "ASE": "NYSE American", "PNK": "OTC Markets", "PCX": "NYSEArca"}
"""The vendor's codes of exchanges, and its names for them."""

FIRST_WORDS: Final = (
    "Aldor",
    "Bramley",
    "Corvane",
    "Delphin",
    "Estrow",
    "Farnham",
    "Galdive",
    "Harrow",
    "Ingleby",
    "Jessop",
)
SECOND_WORDS: Final = ("Steel", "Foods", "Energy", "Software", "Motors", "Pharma", "Freight", "Media", "Glass", "Paper")
THIRD_WORDS: Final = ("North", "South", "East", "West", "Central", "Coastal", "Inland")
FORMS: Final = ("Inc.", "Corporation", "Company", "plc", "Holdings, Inc.")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def symbol_of(number: int) -> str:
    """The symbol of a line: ``ZAA``, ``ZAB`` and so on."""
    return f"Z{LETTERS[number // 26]}{LETTERS[number % 26]}"


def company_of(number: int) -> str:
    """The name of a company; no two are equal, whatever their form of law."""
    first, second = FIRST_WORDS[number % 10], SECOND_WORDS[number // 10 % 10]
    return f"{first} {THIRD_WORDS[number // 100]} {second} {FORMS[number % len(FORMS)]}"


def sector_of(number: int) -> tuple[str, str]:
    """A sector and an industry."""
    sector = tuple(SECTORS)[number % len(SECTORS)]
    return sector, SECTORS[sector][number // len(SECTORS) % 2]
