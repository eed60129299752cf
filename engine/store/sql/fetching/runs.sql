-- returns: the last twenty fetches, the latest first
select started_at, ended_at, outcome, asked, failed, remaining, requests, through, reason from fetch_run
order by run_id desc limit 20
