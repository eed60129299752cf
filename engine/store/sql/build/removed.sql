-- returns: listings removed at the close of $session
select listing_id from index_change
where index_name = $index_name and session = $session and kind = 'removed'
order by listing_id
