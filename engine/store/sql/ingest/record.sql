-- in: $ingest_id, $fetched_at (UTC), $source, $detail, $rows_new, $rows_changed, $earliest, $earliest_sector (sessions
-- or null)
insert into ingest (ingest_id, fetched_at, source, detail, rows_new, rows_changed, earliest, earliest_sector)
values ($ingest_id, $fetched_at, $source, $detail, $rows_new, $rows_changed, $earliest, $earliest_sector)
