-- in: $run_id, and lists of equal length: $kind, $ticker, $session (null for none), $text
insert into fetch_note by name
select $run_id::integer as run_id, unnest($kind::varchar[]) as kind, unnest($ticker::varchar[]) as ticker,
    unnest($session::date[]) as session, unnest($text::varchar[]) as text
