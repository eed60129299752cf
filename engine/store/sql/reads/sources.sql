-- returns: batches by source: how many, rows new and changed, moment of the last (UTC)
select source, count(*), sum(rows_new), sum(rows_changed), max(fetched_at) from ingest group by source order by source
