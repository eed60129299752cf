-- returns: sessions of an index that are no NYSE session, or lie beyond the prices, and one of these
select count(*), min(index_name || ' ' || session) from index_session
where session not in (select unnest($sessions::date[]))
    or session < (select min(session) from price) or session > (select max(session) from price)
