-- returns: members with rank, weight and cap decided from $first to $last, by session and rank
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select c.session, c.rank, c.ticker, coalesce(y.name, z.name, c.ticker), coalesce(y.sector, z.sector, ''), c.market_cap_usd, c.weight,
    c.close, c.since
from constituent c left join security y on y.ticker = c.ticker
left join latest l on l.listing_id = c.listing_id
left join security z on z.ticker = l.ticker
where c.index_name = $index_name and c.member and c.session between $first and $last
order by c.session, c.rank nulls last, c.listing_id
