-- returns: market caps given for a listing from $first to $last with their batch, and whether a person accepted them
select m.session, m.ticker, m.market_cap_usd, i.source, i.detail, i.fetched_at, a.session is not null
from listing_spell s
join market_cap m on m.ticker = s.ticker and m.session between s.first_session and s.last_session + 9
join ingest i on i.ingest_id = m.ingest_id
left join accepted_cap a on a.session = m.session and a.ticker = m.ticker
where s.index_name = $index_name and s.listing_id = $listing_id and m.session between $first and $last
order by m.session, s.first_session
