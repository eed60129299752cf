-- returns: every session after $first, up to $last, into which a listing was held: its market cap at the session before,
-- that of all members held, its return, and the level before of the index weighted by market cap (1 at $first);
-- sums go through decimals: those of doubles depend on the order in which threads add
with step as (
    select s.session, b.session as before
    from index_session s
    join index_session b on b.index_name = s.index_name and b.ordinal = s.ordinal - 1
    where s.index_name = $index_name and s.session > $first and s.session <= $last),
held as materialized (
    select x.session, x.listing_id, case when $total then x.return_tr else x.return_pr end as gain,
        coalesce(c.market_cap_usd, 0) as cap
    from contribution x
    join step on step.session = x.session
    left join constituent c on c.index_name = x.index_name and c.session = step.before and c.listing_id = x.listing_id
    where x.index_name = $index_name and x.weight > 0 and x.session > $first and x.session <= $last),
day as (
    select session, sum(cap::decimal(38, 12))::double as cap, sum((cap * gain)::decimal(38, 12))::double as gain
    from held group by session),
chain as (
    select session, cap, coalesce(product(case when cap > 0 then 1 + gain / cap else 1 end)
        over (order by session rows between unbounded preceding and 1 preceding), 1) as level
    from day)
select h.session, h.cap, c.cap, h.gain, c.level
from held h join chain c on c.session = h.session
where h.listing_id = $listing_id
order by h.session
