-- rows of market_cap that cannot be go; returns: session, ticker and numbers of each
delete from market_cap where not (isfinite(market_cap_usd) and market_cap_usd > 0)
returning session, ticker, 'market_cap_usd ' || market_cap_usd as numbers
