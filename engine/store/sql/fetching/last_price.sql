-- returns: the last session with a price of $ticker
select max(session) from price where ticker = $ticker
