-- returns: additions and deletions from $first to $last
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select x.session, x.kind, x.ticker, coalesce(y.name, z.name, x.ticker), coalesce(y.sector, z.sector, ''), x.rank_before, x.rank_after,
    x.market_cap_before_usd, x.market_cap_usd, s.cut_cap_usd, x.days, x.reason
from index_change x
join index_session s on s.index_name = x.index_name and s.session = x.session
left join security y on y.ticker = x.ticker
left join latest l on l.listing_id = x.listing_id
left join security z on z.ticker = l.ticker
where x.index_name = $index_name and x.session between $first and $last
order by x.session, x.kind, coalesce(x.rank_after, x.rank_before), x.ticker
