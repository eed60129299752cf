-- returns: rows of members decided from $first to $last
select count(*) from constituent where index_name = $index_name and member and session between $first and $last
