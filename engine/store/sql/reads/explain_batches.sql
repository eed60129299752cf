-- returns: the batches that brought the closes of $session, the largest first
select count(*), i.source, i.detail, i.fetched_at
from price p join ingest i on i.ingest_id = p.ingest_id
where p.session = $session
group by i.ingest_id, i.source, i.detail, i.fetched_at
order by 1 desc, i.ingest_id
