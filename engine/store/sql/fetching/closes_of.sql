-- returns: closes (USD) of $ticker from $first to before $end: session, close
select session, close from price where ticker = $ticker and session >= $first and session < $end order by session
