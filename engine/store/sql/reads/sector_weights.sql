-- returns: sector and target weight of every member decided at the close of each of the days $sessions
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select c.session, coalesce(y.sector, z.sector, ''), c.weight
from constituent c left join security y on y.ticker = c.ticker
left join latest l on l.listing_id = c.listing_id
left join security z on z.ticker = l.ticker
where c.index_name = $index_name and c.member and list_contains($sessions, c.session)
order by c.session, c.listing_id
