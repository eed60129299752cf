"""The companies of the demo market: all of them invented."""

from __future__ import annotations

from typing import Final

COMPANIES: Final[dict[str, dict[str, tuple[tuple[str, str], ...]]]] = {
    "Information Technology": {
        "Software": (
            ("AVLQ", "Avelique Software"),
            ("BRQN", "Barquentine Systems"),
            ("CDXL", "Codexel"),
            ("DWNT", "Dewnote Labs"),
            ("EKTR", "Ektara Cloud"),
            ("FNDL", "Fandole Computing"),
            ("GLYF", "Glyfworks"),
            ("HSHN", "Hushnet Security"),
            ("IXMR", "Ixmere Data"),
            ("JNQL", "Junquil Analytics"),
        ),
        "Semiconductors": (
            ("KQSI", "Kestrelquay Silicon"),
            ("LMNX", "Luminax Devices"),
            ("MZFB", "Mezzafab"),
            ("NQTC", "Nanoquarry Technologies"),
            ("OBSD", "Obsidore Chips"),
            ("PHTQ", "Photarq"),
        ),
        "Hardware": (
            ("QBTX", "Quibbit Machines"),
            ("RVNQ", "Ravenquill Devices"),
            ("SLTZ", "Slatestone Zero"),
            ("TBLW", "Tablewright"),
            ("UXLO", "Uxelo Instruments"),
        ),
    },
    "Communication Services": {
        "Media": (
            ("VDGE", "Vidoge Studios"),
            ("WRBL", "Warbelow Broadcasting"),
            ("XYLM", "Xylomedia"),
            ("YODL", "Yodelgram"),
            ("ZNEM", "Zinema Pictures"),
            ("QEMH", "Quill & Ember [Holdings]"),
            ("MSKQ", "Masquerel Games"),
        ),
        "Telecommunication": (
            ("ARWV", "Airweave Networks"),
            ("BLKT", "Beaconlake Telephone"),
            ("CRDF", "Cordfall Wireless"),
            ("DSHL", "Dishollow"),
            ("EVOX", "Everovox"),
            ("LNGW", "Longwhistle Cable"),
        ),
    },
    "Consumer Discretionary": {
        "Retail": (
            ("FARG", "Fargate Stores"),
            ("GMBZ", "Gambozle Online"),
            ("HLQT", "Holloquet Outfitters"),
            ("INWD", "Inglewend Home"),
            ("JBRK", "Jubilark"),
            ("KLMP", "Kilimpo Markets"),
        ),
        "Automobiles": (
            ("LVRM", "Livermoor Motors"),
            ("MTQR", "Motoquarter"),
            ("NVLG", "Novelgo Electric"),
            ("OXBW", "Oxbowline Vehicles"),
        ),
        "Leisure": (
            ("PLYQ", "Playquest Resorts"),
            ("QSTA", "Questara Hotels"),
            ("RMLX", "Rambelux Parks"),
            ("SNGR", "Sangaree Restaurants"),
            ("TRVQ", "Travelquill"),
            ("UMBK", "Umberkin Apparel"),
        ),
    },
    "Consumer Staples": {
        "Food": (
            ("VNLB", "Vinelberry Foods"),
            ("WHTL", "Wheatlore"),
            ("XCRM", "Xocorum Chocolate"),
            ("YMBR", "Yambrook Farms"),
            ("ZSTL", "Zestelle Drinks"),
        ),
        "Household": (
            ("ABLQ", "Ablutique"),
            ("BRSX", "Bristlex Home"),
            ("CMFQ", "Comfrequel"),
            ("DTRG", "Detergon"),
        ),
        "Grocers": (
            ("EVPN", "Everpantry"),
            ("FLGA", "Fennelgrange Grocers Class A"),
            ("GRNQ", "Granarique"),
            ("PNTQ", "Pantriquelle"),
            ("TLLW", "Tallowmere Brands"),
        ),
    },
    "Health Care": {
        "Pharmaceuticals": (
            ("HXLN", "Hexalune Pharma"),
            ("IBVR", "Ibevora Medicines"),
            ("JVNL", "Juvenelle Therapeutics"),
            ("KRPT", "Karpathene"),
            ("LQVA", "Liquivra Biosciences"),
            ("MRBX", "Marrobex"),
            ("NVTQ", "Novatique Genetics"),
        ),
        "Devices": (
            ("ORTZ", "Orthozene"),
            ("PLSQ", "Pulsequay Medical"),
            ("QRTX", "Quartexa Imaging"),
            ("RSPV", "Respivane"),
            ("STNB", "Stentabel"),
        ),
        "Services": (
            ("TRGE", "Triagewell"),
            ("UNCR", "Unicarra Health"),
            ("VTLQ", "Vitalquorum"),
            ("WLBR", "Wellbramble Clinics"),
            ("BDSQ", "Bedsidequill"),
        ),
    },
    "Financials": {
        "Banks": (
            ("XCHB", "Xchequer Bancorp"),
            ("YRKV", "Yarrowvault"),
            ("ZLTB", "Zelotbank"),
            ("ACRB", "Acornbridge Financial"),
            ("BVLT", "Bellvault Trust"),
            ("CNSQ", "Coinsquare Bancshares"),
            ("DPSL", "Depositel"),
        ),
        "Insurance": (
            ("ESCU", "Escutcheon Insurance"),
            ("FDLT", "Fidelatch Mutual"),
            ("GRDW", "Guardwick Re"),
            ("HDGQ", "Hedgequill Assurance"),
        ),
        "Markets": (
            ("INVQ", "Invoquest Capital"),
            ("JRNM", "Journeyman Exchanges"),
            ("KYLG", "Keyledger Payments"),
            ("LDGX", "Ledgerix"),
            ("MNTB", "Mintabel Cards"),
            ("PRSQ", "Purserique Asset Management of the Seven Harbours"),
        ),
    },
    "Industrials": {
        "Machinery": (
            ("NTCH", "Notchwell Machines"),
            ("OVRQ", "Overquarry Equipment"),
            ("PSTN", "Pistonell"),
            ("QRRY", "Quarrymaster Works"),
            ("RVTX", "Rivetex"),
            ("SPRQ", "Sprocketyard"),
        ),
        "Transport": (
            ("TRMW", "Tramwell Rail"),
            ("UPLQ", "Upliftique Airlines"),
            ("VGNX", "Vagonex Freight"),
            ("WYBL", "Waybillow Logistics"),
            ("XPDQ", "Xpediquay"),
        ),
        "Aerospace": (
            ("YAWL", "Yawlcraft Marine"),
            ("ZPHQ", "Zephyrquill Aerospace"),
            ("ALTD", "Altitudo Aviation"),
            ("BLST", "Ballastone Defence"),
            ("CRBL", "Cirrabel Space"),
        ),
        "Services": (
            ("DRFT", "Draftwright Consulting"),
            ("ENGV", "Engravity Staffing"),
            ("FCLQ", "Facilique"),
        ),
    },
    "Energy": {
        "Oil and Gas": (
            ("GSHR", "Gusherell Petroleum"),
            ("HDRX", "Hydrox Basin"),
            ("IGNQ", "Ignique Refining"),
            ("JTTN", "Jettison Offshore"),
            ("KRSN", "Kerosenne"),
            ("LGNT", "Lignatar Resources"),
            ("PTRQ", "Petroquay"),
            ("RFNX", "Refinexel Pipelines"),
        ),
        "Equipment": (
            ("MDPL", "Mudpole Drilling"),
            ("NZZL", "Nozzlewick Services"),
            ("OLWL", "Oilwillow"),
            ("WNDQ", "Windlassique"),
        ),
    },
    "Utilities": {
        "Electricity": (
            ("PWRQ", "Powerquoin"),
            ("QVLT", "Quivolt Electric"),
            ("RSVR", "Reservoir Lane Power"),
            ("SLRB", "Solarbel Grid"),
            ("TRBN", "Turbenne Hydro"),
            ("UMPR", "Umpere Light & Power"),
            ("GRDL", "Gridlark"),
        ),
        "Water": (
            ("VLVW", "Valvewater"),
            ("WTRQ", "Waterquay Works"),
            ("AQDF", "Aquaduffel"),
        ),
    },
    "Materials": {
        "Chemicals": (
            ("XNTH", "Xanthorel Chemicals"),
            ("YTTR", "Yttermoor Metals"),
            ("ZNQF", "Zincquarry"),
            ("ALKM", "Alkamere"),
            ("BSLT", "Basaltine Aggregates"),
            ("KLNX", "Kilnexa Ceramics"),
            ("ORFB", "Orefable"),
        ),
        "Packaging": (
            ("CRTN", "Cartonelle"),
            ("DRMQ", "Drumquist Containers"),
            ("ENML", "Enamelot Coatings"),
            ("FBRQ", "Fibreboque"),
        ),
    },
    "Real Estate": {
        "Property Trusts": (
            ("FLTQ", "Flatiquay Apartments"),
            ("GRTN", "Garretone Residential"),
            ("HMST", "Hamstedel Warehouses"),
            ("IVYW", "Ivywall Offices"),
            ("JSTL", "Joistel Data Centers"),
            ("KNLL", "Knollwick Malls"),
            ("LNTL", "Lintelle Storage"),
            ("MSNQ", "Maisonquelle"),
            ("PRCL", "Parcelle Ground Trust"),
            ("TWRQ", "Tourélle Towers"),
        ),
    },
}
"""Sector to industry to companies, each as (ticker, name)."""

SHARE_CLASSES: Final[dict[str, tuple[str, str]]] = {"FLGB": ("FLGA", "Fennelgrange Grocers Class B")}
"""Further lines of a company: ticker to (company's ticker, name)."""

FORMER_NAMES: Final[dict[str, tuple[str, str]]] = {"YODG": ("YODL", "Yodel Graphic Messaging")}
"""Former tickers of a company: ticker to (present ticker, name of that time)."""

DOMICILES: Final[dict[str, str]] = {"LQVA": "IE", "GRDW": "BM", "ZPHQ": "CH"}
"""Companies listed in the United States and domiciled elsewhere; all others are American."""
