-- returns: every ticker that a listing of the index has gone by, with the name of its security, by ticker
select distinct s.ticker, coalesce(y.name, s.ticker)
from listing_spell s left join security y on y.ticker = s.ticker
where s.index_name = $index_name
order by s.ticker
