-- returns: final prices (USD) that a person has given, and last closes of what a vendor calls gone, after $first, up to
-- $last
select session, ticker, price from ending where session > $first and session <= $last
order by session, ticker
