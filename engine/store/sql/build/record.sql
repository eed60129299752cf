-- returns: rules, last batch built and incomplete sessions of an index
select rules, ingest_id, sessions_incomplete from index_build where index_name = $index_name
