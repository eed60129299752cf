-- returns: dividends after $first, up to $session, of the members held into $session, with the batch they came with
select d.ticker, d.session, d.amount, i.source, i.detail, i.fetched_at
from contribution c
join dividend d on d.ticker = c.ticker and d.session > $first and d.session <= $session
join ingest i on i.ingest_id = d.ingest_id
where c.index_name = $index_name and c.session = $session and c.weight > 0
order by d.ticker, d.session
