-- returns: stored states of a listing with a price or cap that is no positive number or a negative count, and one of these
select count(*), min(index_name || ' ' || session || ' ' || ticker) from market_state
where not (isfinite(close) and close > 0) or stale < 0 or cap_missed < 0 or spell_first > session
    or not (market_cap_usd is null or isfinite(market_cap_usd) and market_cap_usd > 0)
