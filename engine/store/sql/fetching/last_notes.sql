-- returns: what the last fetch that had anything to tell found out: kind, ticker, session, text
select kind, ticker, session, text from fetch_note
where run_id = (select max(run_id) from fetch_note)
order by kind, ticker, session, text
