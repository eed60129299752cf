-- returns: batches with a negative count of rows, and one of these
select count(*), min('batch ' || ingest_id) from ingest where rows_new < 0 or rows_changed < 0
