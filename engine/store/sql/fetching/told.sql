-- returns: lost sessions that a fetch has told of and that have not come back: ticker, empty for the whole market, session
select n.ticker, n.session from fetch_note n
where n.kind = 'lost-session' and not exists (
    select 1 from fetch_note late
    where late.kind = 'late-session' and late.run_id > n.run_id and late.session = n.session
        and late.ticker in (n.ticker, ''))
