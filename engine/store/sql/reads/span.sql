-- returns: first and last published session
select min(session), max(session) from index_session where index_name = $index_name
