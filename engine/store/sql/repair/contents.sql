-- returns: sessions with a price, and the last of them
select count(distinct session), max(session) from price
