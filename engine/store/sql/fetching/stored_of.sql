-- returns: prices, splits and dividends of $ticker from $since on: table, session, and the values of its columns; one
-- statement, because every name of a fetch asks for them
select 'price', session, open, high, low, close, volume from price where ticker = $ticker and session >= $since
union all
select 'split', session, ratio, null, null, null, null from split where ticker = $ticker and session >= $since
union all
select 'dividend', session, amount, null, null, null, null from dividend where ticker = $ticker and session >= $since
order by 1, 2
