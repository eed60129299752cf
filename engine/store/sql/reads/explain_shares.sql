-- returns: known shares of a ticker up to $last, with the batch they came with
select h.session, h.ticker, h.shares_outstanding, i.source, i.detail, i.fetched_at
from known_shares h join ingest i on i.ingest_id = h.ingest_id
where h.ticker = $ticker and h.session <= $last
order by h.session
