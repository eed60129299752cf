-- returns: dividends (USD per share as traded) with ex-date after $first, up to $last
select session, ticker, amount from dividend where session > $first and session <= $last
order by session, ticker
