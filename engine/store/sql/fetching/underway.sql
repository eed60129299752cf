-- returns: names that have answered the fetch that is under way; no row where none is
select (select count(*) from fetch_state s where s.kind = 'prices' and s.asked_at = r.started_at)
from fetch_run r
where r.outcome = 'running'
order by r.run_id desc
limit 1
