-- returns: members decided at $session: listing, ticker, name, sector, rank, cap, position of its start
select c.listing_id, c.ticker, coalesce(y.name, c.ticker), coalesce(y.sector, ''), c.rank, c.market_cap_usd, s.ordinal
from constituent c
left join security y on y.ticker = c.ticker
left join index_session s on s.index_name = c.index_name and s.session = c.since
where c.index_name = $index_name and c.session = $session and c.member
