-- returns: members decided at $session: listing, ticker, name, sector, rank, cap, position of its start
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select c.listing_id, c.ticker, coalesce(y.name, z.name, c.ticker), coalesce(y.sector, z.sector, ''), c.rank, c.market_cap_usd, s.ordinal
from constituent c
left join security y on y.ticker = c.ticker
left join latest l on l.listing_id = c.listing_id
left join security z on z.ticker = l.ticker
left join index_session s on s.index_name = c.index_name and s.session = c.since
where c.index_name = $index_name and c.session = $session and c.member
