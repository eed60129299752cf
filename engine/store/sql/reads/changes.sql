-- returns: additions and deletions from $first to $last, with their part in the turnover and what they did to the return
-- of the next published session: what an addition contributed, or what a deletion would have with the weight of a member
-- ($by_cap: its cap over that of all members); all of them, or those of one listing
with latest as (
    select listing_id, arg_max(ticker, first_session) as ticker from listing_spell
    where index_name = $index_name group by listing_id),
total as (
    select session, sum(market_cap_usd::decimal(38, 2))::double as cap from constituent
    where $by_cap and index_name = $index_name and member and session between $first and $last group by session)
select x.session, x.kind, x.ticker, coalesce(y.name, z.name, x.ticker), coalesce(y.sector, z.sector, ''), x.rank_before, x.rank_after,
    x.market_cap_before_usd, x.market_cap_usd, s.cut_cap_usd, x.days, x.reason, x.turnover, u.session,
    case when u.session is null then null when x.kind = 'added' then r.contribution_pr
        when $by_cap then 0 - coalesce(r.return_pr, 0) * coalesce(x.market_cap_usd, 0) / nullif(t.cap, 0)
        else 0 - coalesce(r.return_pr, 0) / nullif(s.members, 0) end,
    case when u.session is null then null when x.kind = 'added' then r.contribution_tr
        when $by_cap then 0 - coalesce(r.return_tr, 0) * coalesce(x.market_cap_usd, 0) / nullif(t.cap, 0)
        else 0 - coalesce(r.return_tr, 0) / nullif(s.members, 0) end
from index_change x
join index_session s on s.index_name = x.index_name and s.session = x.session
left join index_session u on u.index_name = s.index_name and u.ordinal = s.ordinal + 1
left join contribution r on r.index_name = x.index_name and r.session = u.session and r.listing_id = x.listing_id
left join total t on t.session = x.session
left join security y on y.ticker = x.ticker
left join latest l on l.listing_id = x.listing_id
left join security z on z.ticker = l.ticker
where x.index_name = $index_name and x.session between $first and $last
    and ($listing_id::integer is null or x.listing_id = $listing_id)
order by x.session, x.kind, coalesce(x.rank_after, x.rank_before), x.ticker
