-- returns: every sector of a stored security
select distinct sector from security where trim(sector) <> '' order by sector
