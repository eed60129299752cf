-- returns: which of $tickers have a price
select ticker from unnest($tickers::varchar[]) as wanted (ticker)
where exists (select 1 from price where price.ticker = wanted.ticker) order by ticker
