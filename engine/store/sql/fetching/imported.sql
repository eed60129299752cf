-- returns: symbols with rows that did not come by a fetch
select distinct symbol
from (
    select ticker as symbol, ingest_id from price
    union all select ticker, ingest_id from split
    union all select ticker, ingest_id from dividend
    union all select symbol, ingest_id from benchmark
    union all select pair, ingest_id from fx)
where ingest_id not in (select ingest_id from ingest where source = 'yahoo')
order by symbol
