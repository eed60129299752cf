-- returns: closes of the benchmark $symbol from $since on
select session, symbol, close from benchmark where symbol = $symbol and session >= $since order by session
