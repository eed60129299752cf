-- returns: migrations missing below the last one that has run, and that one
select coalesce(max(number), 0) - count(*), 'migration ' || coalesce(max(number), 0) from schema_migration
