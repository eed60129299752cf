-- returns: dividends under the tickers of a listing after $first, up to $last, with the batch they came with
select d.session, d.ticker, d.amount, i.source, i.detail, i.fetched_at
from dividend d join ingest i on i.ingest_id = d.ingest_id
where d.session > $first and d.session <= $last
  and d.ticker in (select ticker from listing_spell where index_name = $index_name and listing_id = $listing_id)
order by d.session, d.ticker
