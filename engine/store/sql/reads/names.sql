-- returns: names of the universe at $session (with a market cap, of the types of security $common, at most $size, the
-- largest first), and of those the names whose prices have been asked for with an answer
with wanted as (
    select u.ticker
    from universe_snapshot u left join security s on s.ticker = u.ticker
    where u.session = $session and u.market_cap_usd is not null
        and list_contains($common, coalesce(lower(trim(s.security_type)), ''))
    order by u.market_cap_usd desc, u.ticker
    limit $size)
select count(*), count(f.since)
from wanted w left join fetch_state f on f.kind = 'prices' and f.symbol = w.ticker
