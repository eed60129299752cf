-- returns: splits of a listing under the tickers it went by
select x.session, x.ratio
from listing_spell s
join split x on x.ticker = s.ticker and x.session between s.first_session and s.last_session
where s.index_name = $index_name and s.listing_id = $listing_id
order by x.session, x.ticker
