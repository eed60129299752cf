-- returns: closes as traded of the constituents of $session, from $first to $session
select s.listing_id, p.session, p.close
from listing_spell s
join price p on p.ticker = s.ticker and p.session between s.first_session and s.last_session
where s.index_name = $index_name and p.session between $first and $session
  and s.listing_id in (
    select listing_id from constituent where index_name = $index_name and session = $session)
order by s.listing_id, p.session
