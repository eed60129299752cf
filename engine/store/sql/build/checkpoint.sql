-- returns: the last stored state of the market on or before $limit
select session, listing_id, ticker, spell_first, close, stale, market_cap_usd, cap_source, cap_missed, quarantined_since
from market_state
where index_name = $index_name
  and session = (select max(session) from market_state where index_name = $index_name and session <= $limit)
order by listing_id
