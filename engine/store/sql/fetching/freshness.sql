-- returns: moment of the last fetch that succeeded (UTC), and the last session that such a one had
select max(ended_at), arg_max(through, run_id) filter (through is not null) from fetch_run
where outcome in ('done', 'partial')
