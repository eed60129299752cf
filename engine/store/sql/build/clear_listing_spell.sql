-- in: $index_name, $after: spells that start later go, and those that staged ones replace
delete from listing_spell
where index_name = $index_name
  and (first_session > $after
    or (listing_id, first_session) in (select (listing_id, first_session) from staged))
