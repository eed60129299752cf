-- returns: findings about a ticker, or the whole market if it is empty, from $first to $last
select kind, since, session, value, used from finding
where index_name = $index_name and ticker = $ticker and session between $first and $last
order by session, kind, since
