-- returns: closes of a benchmark on two sessions, with the batch they came with
select b.session, b.symbol, b.close, i.source, i.detail, i.fetched_at
from benchmark b join ingest i on i.ingest_id = b.ingest_id
where b.symbol = $symbol and (b.session = $first or b.session = $last)
order by b.session
