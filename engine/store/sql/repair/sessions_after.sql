-- returns: sessions with a price after $last, all of them where that is null
select count(distinct session) from price where $last::date is null or session > $last
