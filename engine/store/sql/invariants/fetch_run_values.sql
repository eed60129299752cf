-- returns: fetches that ended before they began or count less than nothing, and one of these
select count(*), min('fetch ' || run_id) from fetch_run
where ended_at < started_at or least(asked, failed, remaining, requests) < 0
