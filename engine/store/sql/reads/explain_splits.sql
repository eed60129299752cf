-- returns: splits under the tickers of a listing up to $last, with the batch they came with
select x.session, x.ticker, x.ratio, i.source, i.detail, i.fetched_at
from split x join ingest i on i.ingest_id = x.ingest_id
where x.session <= $last
  and x.ticker in (select ticker from listing_spell where index_name = $index_name and listing_id = $listing_id)
order by x.session, x.ticker
