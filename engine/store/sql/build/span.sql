-- returns: first and last session with a price
select min(session), max(session) from price
