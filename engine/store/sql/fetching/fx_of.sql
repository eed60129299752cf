-- returns: rates of the pair $symbol from $since on
select session, pair, rate from fx where pair = $symbol and session >= $since order by session
