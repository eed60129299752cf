-- returns: rows of raw tables that name a batch which is not on record, and one of these
select coalesce(sum(n), 0), min(place || ' of batch ' || ingest_id)
from (
    select 'price' as place, ingest_id, count(*) as n from price group by ingest_id
    union all select 'shares' as place, ingest_id, count(*) as n from shares group by ingest_id
    union all select 'market_cap' as place, ingest_id, count(*) as n from market_cap group by ingest_id
    union all select 'split' as place, ingest_id, count(*) as n from split group by ingest_id
    union all select 'dividend' as place, ingest_id, count(*) as n from dividend group by ingest_id
    union all select 'rename' as place, ingest_id, count(*) as n from rename group by ingest_id
    union all select 'benchmark' as place, ingest_id, count(*) as n from benchmark group by ingest_id
    union all select 'fx' as place, ingest_id, count(*) as n from fx group by ingest_id
    union all select 'accepted_cap' as place, ingest_id, count(*) as n from accepted_cap group by ingest_id
    union all select 'final_price' as place, ingest_id, count(*) as n from final_price group by ingest_id
    union all select 'delisting' as place, ingest_id, count(*) as n from delisting group by ingest_id
    union all select 'universe_snapshot' as place, ingest_id, count(*) as n from universe_snapshot group by ingest_id
    union all select 'security' as place, ingest_id, count(*) as n from security group by ingest_id
    union all select 'share_scale' as place, ingest_id, count(*) as n from share_scale group by ingest_id) used
where not exists (select 1 from ingest i where i.ingest_id = used.ingest_id)
