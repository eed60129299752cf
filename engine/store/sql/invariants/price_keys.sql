-- returns: rows of price with the session and ticker of another one, and one of these
select coalesce(sum(n - 1), 0), min(session || ' ' || ticker)
from (select session, ticker, count(*) as n from price group by session, ticker having count(*) > 1)
