-- in: $run_id, $started_at (UTC): a fetch begins
insert into fetch_run values ($run_id, $started_at, null, 'running', 0, 0, 0, 0, null, '')
