-- returns: symbols that failed when they were last asked for: kind, symbol, reason
select kind, symbol, reason from fetch_state where outcome = 'failed' order by symbol, kind
