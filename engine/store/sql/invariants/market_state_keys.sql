-- returns: stored states of a listing with the index, session and listing of another one, and one of these
select coalesce(sum(n - 1), 0), min(index_name || ' ' || session || ' ' || ticker)
from (
    select index_name, session, listing_id, any_value(ticker) as ticker, count(*) as n from market_state
    group by index_name, session, listing_id having count(*) > 1)
