-- returns: sessions without a level so far
select count(*) from finding
where index_name = $index_name and kind in ('incomplete-session', 'missing-session')
