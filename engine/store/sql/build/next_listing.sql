-- returns: next free listing number at the close of $session
select coalesce(max(listing_id), 0) + 1 from listing_spell
where index_name = $index_name and first_session <= $session
