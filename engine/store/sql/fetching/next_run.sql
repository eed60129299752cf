-- returns: run_id of the next fetch
select coalesce(max(run_id), 0) + 1 from fetch_run
