-- in: $ingest_id, $fetched_at (UTC), $source, $detail, $rows_new, $rows_changed, $earliest (session or null)
insert into ingest values ($ingest_id, $fetched_at, $source, $detail, $rows_new, $rows_changed, $earliest)
