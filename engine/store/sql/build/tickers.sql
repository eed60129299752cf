-- returns: tickers with a price from $first to $last
select distinct ticker from price where session between $first and $last
