-- returns: session that is $back published sessions before $session, or the first
select min(session) from (
    select session from index_session where index_name = $index_name and session <= $session
    order by session desc limit $back + 1)
