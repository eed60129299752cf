-- returns: runs without a market cap (ticker, first session) right before or after which the stock was a member
select f.ticker, f.since from finding f
where f.index_name = $index_name and f.kind = 'no-cap' and exists (
    select 1 from constituent c
    where c.index_name = $index_name and c.member and c.ticker = f.ticker and c.session in (
        (select max(session) from index_session where index_name = $index_name and session < f.since),
        (select min(session) from index_session where index_name = $index_name and session > f.session)))
order by f.ticker, f.since
