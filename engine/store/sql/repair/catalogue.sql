-- returns: every table with each of its columns, its type and whether it may be null; every view
select table_name, column_name, data_type, is_nullable from duckdb_columns()
where not internal and table_name in (select table_name from duckdb_tables() where not internal)
union all select view_name, '', '', true from duckdb_views() where not internal
order by table_name, column_name
