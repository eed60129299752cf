-- returns: what is stored of each symbol: table, symbol, first and last session, and the earliest session that is missing
-- of the last $window up to the last one; $sessions: days on which the exchange traded, oldest first
with stored as (
    select 'price' as kind, ticker as symbol, session from price
    union all select 'benchmark', symbol, session from benchmark
    union all select 'fx', pair, session from fx),
held as (select kind, symbol, min(session) as first, max(session) as last from stored group by kind, symbol),
numbered as (
    select unnest($sessions::date[]) as session, unnest(range(len($sessions::date[]))) as number),
wanted as (
    select h.kind, h.symbol, n.session
    from held h
    join numbered e on e.session = h.last
    cross join range($window::bigint) as back (steps)
    join numbered n on n.number = e.number - back.steps
    where n.session > h.first),
gaps as (
    select w.kind, w.symbol, min(w.session) as gap
    from wanted w anti join stored s on s.session = w.session and s.symbol = w.symbol and s.kind = w.kind
    group by w.kind, w.symbol)
select h.kind, h.symbol, h.first, h.last, g.gap
from held h left join gaps g on g.kind = h.kind and g.symbol = h.symbol
order by h.kind, h.symbol
