-- returns: names with prices, and the last session of any
select count(distinct ticker), max(session) from price
