-- returns: findings, one for each run: kind, ticker, first and last session, how many sessions, values of the last;
-- the whole market first, then quarantines and jumps, newest first; tickers that never had a price share one line
with named as (
    select kind, since, session, value, used,
        case when ticker in (select ticker from listing_spell where index_name = $index_name) then ticker else '' end
            as ticker
    from finding where index_name = $index_name)
select kind, ticker, min(session), max(session), count(*), arg_max(value, session), arg_max(used, session)
from named
group by kind, ticker,
    case when kind in ('quarantined-cap', 'jump') then since when kind like 'unmatched%' then null else session end
order by kind like 'unmatched%', kind not like '%session', 3 desc, 1, 2
