-- returns: whether prices of sessions before $session came from $source
select exists (
    select 1 from price
    where session < $session
        and ingest_id in (select ingest_id from ingest where source = $source and earliest < $session))
