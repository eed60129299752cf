-- returns: additions, deletions and turnover by session from $first to $last
select session, additions, deletions, turnover from index_session
where index_name = $index_name and session between $first and $last
order by session
