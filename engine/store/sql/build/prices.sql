-- returns: closes as traded (USD per share) from $first to $last
select session, ticker, close from price where session between $first and $last
