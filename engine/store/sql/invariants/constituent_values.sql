-- returns: constituents without a price, with a negative number of days, or members since no day, and one of these
select count(*), min(index_name || ' ' || session || ' ' || ticker) from constituent
where not (isfinite(close) and close >= 0) or stale < 0 or member <> (since is not null) or since > session
    or not (market_cap_usd is null or isfinite(market_cap_usd) and market_cap_usd > 0)
