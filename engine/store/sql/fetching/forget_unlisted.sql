-- in: $session, $tickers (a list): what an earlier screen of the session listed besides them, before the close, is
-- forgotten; a list of the close stands, whatever is listed days later when the quotes have not moved on
delete from universe_snapshot
where session = $session and not is_final and ticker not in (select unnest($tickers::varchar[]))
