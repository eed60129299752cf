-- returns: sessions of a listing, as traded, from $first to $last; the cap is the one used where there is a rank
select p.session, p.ticker, p.close, p.volume, x.ratio, d.amount, coalesce(c.market_cap_usd, m.market_cap_usd), c.rank, coalesce(c.member, false),
    coalesce(c.cap_source, case when m.market_cap_usd is not null then 'published' end)
from listing_spell s
join price p on p.ticker = s.ticker and p.session between s.first_session and s.last_session
left join split x on x.ticker = p.ticker and x.session = p.session
left join dividend d on d.ticker = p.ticker and d.session = p.session
left join market_cap m on m.ticker = p.ticker and m.session = p.session
left join constituent c on c.index_name = s.index_name and c.session = p.session and c.listing_id = s.listing_id
where s.index_name = $index_name and s.listing_id = $listing_id and p.session between $first and $last
order by p.session
