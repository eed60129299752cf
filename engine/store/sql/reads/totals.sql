-- returns: published sessions, the last of them, sessions without a level, members decided at the last
select count(*), max(session),
    (select coalesce(max(sessions_incomplete), 0) from index_build where index_name = $index_name),
    coalesce(arg_max(members, session), 0)
from index_session where index_name = $index_name
