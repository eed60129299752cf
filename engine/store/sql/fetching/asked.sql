-- returns: the last question of each kind and symbol: kind, symbol, moment (UTC), first day, outcome, reason, last session
select kind, symbol, asked_at, since, outcome, reason, through from fetch_state order by kind, symbol
