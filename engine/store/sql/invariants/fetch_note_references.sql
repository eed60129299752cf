-- returns: notes of a fetch that is not on record, and one of these
select count(*), min('fetch ' || run_id || ', ' || ticker) from fetch_note
where run_id not in (select run_id from fetch_run)
