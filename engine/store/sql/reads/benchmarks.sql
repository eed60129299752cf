-- returns: closes of every benchmark from $first to $last
select symbol, session, close from benchmark where session between $first and $last order by symbol, session
