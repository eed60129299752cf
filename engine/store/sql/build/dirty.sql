-- returns: earliest session changed by batches after $ingest_id ($sectors: by other sectors, too), and the last batch
select min(least(earliest, if($sectors, earliest_sector, null))) filter (ingest_id > $ingest_id), coalesce(max(ingest_id), 0)
from ingest
