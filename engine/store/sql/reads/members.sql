-- returns: members with rank, weight and cap decided from $first to $last, by session and rank
select c.session, c.rank, c.ticker, coalesce(y.name, c.ticker), coalesce(y.sector, ''), c.market_cap_usd, c.weight,
    c.close, c.since
from constituent c left join security y on y.ticker = c.ticker
where c.index_name = $index_name and c.member and c.session between $first and $last
order by c.session, c.rank nulls last, c.listing_id
