-- returns: the latest listing that went by $ticker, and had begun by $last
select listing_id from listing_spell
where index_name = $index_name and ticker = $ticker and first_session <= $last
order by last_session desc limit 1
