-- returns: every spell of the listings that ever went by $ticker
select listing_id, ticker, first_session, last_session from listing_spell
where index_name = $index_name
  and listing_id in (select listing_id from listing_spell where index_name = $index_name and ticker = $ticker)
order by listing_id, first_session
