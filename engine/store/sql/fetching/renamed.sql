-- returns: tickers that go on under another one: nothing traded under them since, and the latest snapshot has them not
select r.old_ticker
from (select old_ticker, max(session) as session from rename group by old_ticker) r
where not exists (select 1 from price p where p.ticker = r.old_ticker and p.session >= r.session)
    and r.old_ticker not in (
        select ticker from universe_snapshot where session = (select max(session) from universe_snapshot))
order by r.old_ticker
