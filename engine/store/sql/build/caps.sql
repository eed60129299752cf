-- returns: given market caps (USD) from $first to $last
select session, ticker, market_cap_usd from market_cap where session between $first and $last
