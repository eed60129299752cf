-- returns: last price of $old before $session, first price of $new from $session on, and the last of all prices
select max(session) filter (ticker = $old and session < $session),
    min(session) filter (ticker = $new and session >= $session), max(session)
from price
