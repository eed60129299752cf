-- returns: times under a ticker that end before they begin, or overlap another one of the listing or of the ticker,
-- and one of these
select count(*), min(index_name || ' ' || ticker || ' ' || first_session)
from (
    select index_name, ticker, first_session, last_session,
        lead(first_session) over (partition by index_name, listing_id order by first_session, last_session) as next_name,
        lead(first_session) over (partition by index_name, ticker order by first_session, last_session) as next_listing
    from listing_spell)
where last_session < first_session or next_name <= last_session or next_listing <= last_session
