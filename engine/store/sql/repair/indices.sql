-- returns: names of the indices that have rows in a derived table, by name
select index_name from index_build union select index_name from index_session
union select index_name from constituent union select index_name from contribution
union select index_name from index_change union select index_name from listing_spell
union select index_name from market_state union select index_name from finding
order by index_name
