-- returns: members of the index at its last session, and names with a market cap of the snapshots from $since on, each
-- with its type of security
select t.ticker, s.security_type
from (
    select c.ticker from constituent c
    where c.index_name = $index_name and c.member
        and c.session = (select max(session) from index_session where index_name = $index_name)
    union
    select ticker from universe_snapshot where session >= $since and market_cap_usd is not null) t
left join security s on s.ticker = t.ticker
order by t.ticker
