-- returns: rows of market_cap whose market_cap_usd is not a positive number, and one of these
select count(*), min(session || ' ' || ticker) from market_cap where not (isfinite(market_cap_usd) and market_cap_usd > 0)
