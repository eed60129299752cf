-- returns: market cap given for $ticker at $session (USD)
select market_cap_usd from market_cap where session = $session and ticker = $ticker
