-- returns: table and session of the rows of $symbol from $since on that did not come by a fetch: it leaves them alone
select r.kind, r.session
from (
    select 'price' as kind, ticker as symbol, session, ingest_id from price
    union all select 'split', ticker, session, ingest_id from split
    union all select 'dividend', ticker, session, ingest_id from dividend
    union all select 'benchmark', symbol, session, ingest_id from benchmark
    union all select 'fx', pair, session, ingest_id from fx) r
where r.symbol = $symbol and r.session >= $since
    and r.ingest_id not in (select ingest_id from ingest where source = 'yahoo')
order by r.kind, r.session
