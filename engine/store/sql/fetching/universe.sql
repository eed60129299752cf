-- returns: the latest snapshot of the universe, the largest first: session, symbol, name, market cap (USD), price (USD),
-- and what is known of it: type of security, sector, country
select u.session, u.ticker, coalesce(u.name, u.ticker), u.market_cap_usd, u.close, s.security_type, s.sector, s.country
from universe_snapshot u left join security s on s.ticker = u.ticker
where u.session = (select max(session) from universe_snapshot)
order by u.market_cap_usd desc nulls last, u.ticker
