-- returns: the session whose close a period from $start to $last starts from, its position and levels
select session, ordinal, level_pr, level_tr from index_session
where index_name = $index_name and session <= $last and (ordinal = 0 or session < $start)
order by session desc limit 1
