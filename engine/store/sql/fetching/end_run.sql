-- in: $run_id, $ended_at (UTC) and what came of the fetch
update fetch_run set ended_at = $ended_at, outcome = $outcome, asked = $asked, failed = $failed, remaining = $remaining,
    requests = $requests, through = $through, reason = $reason
where run_id = $run_id
