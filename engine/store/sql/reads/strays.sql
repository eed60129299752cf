-- returns: market caps and reports of shares of tickers that have no price at that time: ticker, caps, reports, first
-- and last date; nothing before there is a build, which says when a ticker was listed
with listed as (
    select ticker, min(first_session) as first, max(last_session) + 8 as last, count(*) as spells
    from listing_spell where index_name = $index_name group by ticker),
given as (select ticker, min(session) as first, max(session) as last from market_cap group by ticker),
suspect as (
    select g.ticker from given g left join listed l on l.ticker = g.ticker
    where l.ticker is null or l.spells > 1 or g.first < l.first or g.last > l.last),
stray as (
    select m.ticker, m.session, 1 as caps, 0 as reports
    from market_cap m join suspect u on u.ticker = m.ticker
    left join listing_spell s on s.index_name = $index_name and s.ticker = m.ticker
        and m.session between s.first_session and s.last_session + 8
    where s.ticker is null
    union all
    select ticker, session, 0, 1 from shares where ticker not in (select ticker from listed))
select ticker, sum(caps), sum(reports), min(session), max(session) from stray
where exists (select 1 from listed) group by ticker order by ticker
