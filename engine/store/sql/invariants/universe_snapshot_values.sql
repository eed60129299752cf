-- returns: names of snapshots whose cap or close is negative or no number, and one of these
select count(*), min(session || ' ' || ticker) from universe_snapshot
where not ((market_cap_usd is null or isfinite(market_cap_usd) and market_cap_usd >= 0)
    and (close is null or isfinite(close) and close >= 0))
