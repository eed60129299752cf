-- returns: contributions at a session that the index has not, and one of these
select count(*), min(x.index_name || ' ' || x.session || ' ' || x.ticker) from contribution x
where not exists (select 1 from index_session s where s.index_name = x.index_name and s.session = x.session)
