-- returns: ingest_id of the next batch
select coalesce(max(ingest_id), 0) + 1 from ingest
