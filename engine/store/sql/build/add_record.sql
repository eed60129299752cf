-- in: $index_name, $rules (JSON), $ingest_id of the last batch built, $sessions_incomplete
insert into index_build values ($index_name, $rules, $ingest_id, $sessions_incomplete)
