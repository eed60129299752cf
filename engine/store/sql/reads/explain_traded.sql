-- returns: mean traded value (USD) of a listing from $first to $last, and the sessions that have one
select fsum(p.close * p.volume) / count(p.volume), count(p.volume)
from listing_spell s
join price p on p.ticker = s.ticker and p.session between s.first_session and s.last_session
where s.index_name = $index_name and s.listing_id = $listing_id and p.session between $first and $last
