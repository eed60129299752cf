-- returns: name, sector, exchange and issuer of the latest ticker of a listing
select coalesce(y.name, s.ticker), coalesce(y.sector, ''), coalesce(y.exchange, ''), coalesce(y.issuer, ''), s.ticker
from listing_spell s left join security y on y.ticker = s.ticker
where s.index_name = $index_name and s.listing_id = $listing_id
order by s.first_session desc limit 1
