-- returns: constituents and bubble decided at the close of $session, with the rank at $before
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select c.rank, coalesce(b.rank, x.rank_before) as rank_before, c.ticker, coalesce(y.name, z.name, c.ticker), coalesce(y.sector, z.sector, ''),
    c.market_cap_usd, c.cap_source, c.weight, c.close, c.return_pr, c.since, s.ordinal, c.contribution, c.stale,
    c.listing_id, c.member
from constituent c
left join constituent b on b.index_name = c.index_name and b.session = $before and b.listing_id = c.listing_id
left join index_change x on x.index_name = c.index_name and x.session = c.session and x.listing_id = c.listing_id
left join index_session s on s.index_name = c.index_name and s.session = c.since
left join security y on y.ticker = c.ticker
left join latest l on l.listing_id = c.listing_id
left join security z on z.ticker = l.ticker
where c.index_name = $index_name and c.session = $session
order by c.rank nulls last, c.listing_id
