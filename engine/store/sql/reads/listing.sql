-- returns: the latest listing that went by $ticker
select listing_id from listing_spell where index_name = $index_name and ticker = $ticker
order by last_session desc limit 1
