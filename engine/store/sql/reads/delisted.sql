-- returns: delistings by a vendor's word that ended a listing at its last close: ticker, session, that close (USD), and
-- whether it was held into it
select e.ticker, e.session, e.price, exists (
    select 1 from contribution c
    where c.index_name = $index_name and c.session = e.session and c.ticker = e.ticker)
from ending e join delisting d on d.session = e.session and d.ticker = e.ticker and d.ingest_id = e.ingest_id
where exists (
    select 1 from listing_spell s
    where s.index_name = $index_name and s.ticker = e.ticker and s.last_session = e.session)
order by e.session, e.ticker
