-- returns: findings, one for each run: kind, ticker, first and last session, how many sessions, values of the last
select kind, ticker, min(session), max(session), count(*), arg_max(value, session), arg_max(used, session)
from finding
where index_name = $index_name
group by kind, ticker,
    case when kind in ('quarantined-cap', 'jump') then since when kind like 'unmatched%' then null else session end
order by 3 desc, 1, 2
