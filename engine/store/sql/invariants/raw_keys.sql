-- returns: rows of the smaller raw tables with the key of another one, and one of these
select coalesce(sum(n - 1), 0), min(row)
from (
    select row, count(*) as n from (
        select 'split ' || session || ' ' || ticker as row from split
        union all select 'dividend ' || session || ' ' || ticker as row from dividend
        union all select 'rename ' || session || ' ' || old_ticker as row from rename
        union all select 'benchmark ' || session || ' ' || symbol as row from benchmark
        union all select 'fx ' || session || ' ' || pair as row from fx
        union all select 'accepted_cap ' || session || ' ' || ticker as row from accepted_cap
        union all select 'final_price ' || session || ' ' || ticker as row from final_price
        union all select 'delisting ' || session || ' ' || ticker as row from delisting
        union all select 'universe_snapshot ' || session || ' ' || ticker as row from universe_snapshot
        union all select 'security ' || ticker as row from security
        union all select 'share_scale ' || ticker as row from share_scale)
    group by row having count(*) > 1)
