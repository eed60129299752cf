-- returns: kind, rows, tickers, first and last date of every raw table
select 'prices' as kind, count(*), (select count(*) from (select distinct ticker from price)), min(session), max(session)
from price
union all select 'splits', count(*), count(distinct ticker), min(session), max(session) from split
union all select 'dividends', count(*), count(distinct ticker), min(session), max(session) from dividend
union all select 'shares', count(*), count(distinct ticker), min(session), max(session) from shares
union all select 'market-caps', count(*), (select count(*) from (select distinct ticker from market_cap)),
    min(session), max(session) from market_cap
union all select 'securities', count(*), count(distinct ticker), null, null from security
union all select 'renames', count(*), count(distinct old_ticker), min(session), max(session) from rename
union all select 'accepted-caps', count(*), count(distinct ticker), min(session), max(session) from accepted_cap
union all select 'final-prices', count(*), count(distinct ticker), min(session), max(session) from final_price
union all select 'delistings', count(*), count(distinct ticker), min(session), max(session) from delisting
union all select 'universe-snapshots', count(*), count(distinct ticker), min(session), max(session) from universe_snapshot
union all select 'benchmarks', count(*), count(distinct symbol), min(session), max(session) from benchmark
union all select 'fx', count(*), count(distinct pair), min(session), max(session) from fx
order by kind
