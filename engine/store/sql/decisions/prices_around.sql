-- returns: last session up to $session with a price of $ticker or of a ticker that became it, and the first of all
select max(session) filter (session <= $session), min(session) from price
where ticker = $ticker
    or ticker in (select old_ticker from rename where new_ticker = $ticker and session <= $session)
