-- returns: published sessions up to $last, oldest first
select session from index_session where index_name = $index_name and session <= $last order by session
