-- returns: findings with the index, kind, ticker and sessions of another one, or that end before they begin, and one
-- of these
select coalesce(sum(n - if(since <= session, 1, 0)), 0), min(index_name || ' ' || kind || ' ' || ticker || ' ' || since)
from (
    select index_name, kind, ticker, since, session, count(*) as n from finding
    group by index_name, kind, ticker, since, session having count(*) > 1 or since > session)
