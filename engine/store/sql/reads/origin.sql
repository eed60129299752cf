-- returns: source of the last batch, whether any batch is synthetic, moment of the last batch (UTC); what a person has
-- decided about the data is no source of them
select arg_max(source, ingest_id), coalesce(bool_or(source = 'synthetic'), false), max(fetched_at) from ingest
where source <> 'decision'
