-- returns: first session after $session with a price of $ticker
select min(session) from price where ticker = $ticker and session > $session
