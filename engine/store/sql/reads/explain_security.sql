-- returns: what is known of a ticker, or of the latest one of its listing: ticker, name, sector, exchange, issuer, batch
select y.ticker, y.name, y.sector, y.exchange, y.issuer, i.source, i.detail, i.fetched_at
from security y join ingest i on i.ingest_id = y.ingest_id
where y.ticker in (
    $ticker, (select arg_max(ticker, first_session) from listing_spell
              where index_name = $index_name and listing_id = $listing_id))
order by y.ticker = $ticker desc
limit 1
