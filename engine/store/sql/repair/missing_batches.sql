-- batches whose record is lost get one, of the source of the newest batch
insert into ingest (ingest_id, fetched_at, source, detail, rows_new, rows_changed)
select distinct ingest_id, $at::timestamp, coalesce((select arg_max(source, ingest_id) from ingest), 'import'),
    'repair: its record was lost', 0, 0
from (
    select ingest_id from price
    union select ingest_id from shares
    union select ingest_id from market_cap
    union select ingest_id from split
    union select ingest_id from dividend
    union select ingest_id from rename
    union select ingest_id from benchmark
    union select ingest_id from fx
    union select ingest_id from accepted_cap
    union select ingest_id from final_price
    union select ingest_id from delisting
    union select ingest_id from universe_snapshot
    union select ingest_id from security
    union select ingest_id from share_scale)
where ingest_id not in (select ingest_id from ingest)
