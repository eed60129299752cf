-- returns: builds of a batch that is not on record, or whose count of sessions without a level is not that of the
-- findings, and one of these
select count(*), min(b.index_name) from index_build b
where b.ingest_id > (select coalesce(max(ingest_id), 0) from ingest)
    or b.sessions_incomplete <> (
        select count(*) from finding f
        where f.index_name = b.index_name and f.kind in ('incomplete-session', 'missing-session'))
