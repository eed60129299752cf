-- returns: closes of a listing from $first to $last with the batch they came with; a final price takes their place
select p.session, p.ticker, p.close, i.source, i.detail, i.fetched_at, 'price' as kind
from listing_spell s
join price p on p.ticker = s.ticker and p.session between s.first_session and s.last_session
join ingest i on i.ingest_id = p.ingest_id
where s.index_name = $index_name and s.listing_id = $listing_id and p.session between $first and $last
union all
select f.session, f.ticker, f.price, i.source, i.detail, i.fetched_at, 'final'
from listing_spell s
join ending f on f.ticker = s.ticker and f.session between s.first_session and s.last_session + 9
join ingest i on i.ingest_id = f.ingest_id
where s.index_name = $index_name and s.listing_id = $listing_id and f.session between $first and $last
order by 1, 7 desc
