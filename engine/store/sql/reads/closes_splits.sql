-- returns: splits of listings from $first to $session
select s.listing_id, x.session, x.ratio
from listing_spell s
join split x on x.ticker = s.ticker and x.session between s.first_session and s.last_session
where s.index_name = $index_name and x.session between $first and $session
order by s.listing_id, x.session
