-- returns: earliest session changed by batches after $ingest_id, and the last batch
select min(earliest) filter (ingest_id > $ingest_id), coalesce(max(ingest_id), 0) from ingest
