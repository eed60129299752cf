-- returns: answers of an outcome that there is not, and one of these
select count(*), min(kind || ' ' || symbol) from fetch_state where outcome not in ('done', 'empty', 'failed', 'gone')
