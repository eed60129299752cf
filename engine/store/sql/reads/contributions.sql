-- returns: what each listing held after $first, up to $last, added: listing, ticker, name, sector, sessions, sum of
-- weights, own return, sum of contribution x level before, and the same two by market cap (that level is 1 at $first);
-- sums go through decimals: those of doubles depend on the order in which threads add
with step as (
    select s.session, b.session as before, case when $total then b.level_tr else b.level_pr end as level
    from index_session s
    join index_session b on b.index_name = s.index_name and b.ordinal = s.ordinal - 1
    where s.index_name = $index_name and s.session > $first and s.session <= $last),
held as materialized (
    select x.session, x.listing_id, x.ticker, step.level,
        case when $total then x.weight_tr else x.weight end as weight,
        case when $total then x.return_tr else x.return_pr end as gain,
        case when $total then x.contribution_tr else x.contribution_pr end as added,
        coalesce(c.market_cap_usd, 0) as cap
    from contribution x
    join step on step.session = x.session
    left join constituent c on c.index_name = x.index_name and c.session = step.before and c.listing_id = x.listing_id
    where x.index_name = $index_name and x.weight > 0 and x.session > $first and x.session <= $last),
day as (
    select session, sum(cap::decimal(38, 12))::double as cap, sum((cap * gain)::decimal(38, 12))::double as gain
    from held group by session),
chain as (
    select session, nullif(cap, 0) as cap, coalesce(product(case when cap > 0 then 1 + gain / cap else 1 end)
        over (order by session rows between unbounded preceding and 1 preceding), 1) as level
    from day),
added as (
    select h.listing_id, arg_max(h.ticker, h.session) as ticker, count(*) as sessions,
        sum(h.weight::decimal(38, 20))::double as weight,
        product(1 + h.gain order by h.session) - 1 as gain,
        sum((h.added * h.level)::decimal(38, 20))::double as added,
        coalesce(sum((h.cap / d.cap)::decimal(38, 20))::double, 0) as cap_weight,
        coalesce(sum((h.cap / d.cap * h.gain * d.level)::decimal(38, 20))::double, 0) as cap_added
    from held h join chain d on d.session = h.session
    group by h.listing_id),
latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id)
select a.listing_id, a.ticker, coalesce(y.name, z.name, a.ticker), coalesce(y.sector, z.sector, ''), a.sessions, a.weight,
    a.gain, a.added, a.cap_weight, a.cap_added
from added a
left join security y on y.ticker = a.ticker
left join latest l on l.listing_id = a.listing_id
left join security z on z.ticker = l.ticker
order by a.added desc, a.ticker, a.listing_id
