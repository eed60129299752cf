-- returns: every table with each of its columns
select table_name, column_name from duckdb_columns()
where not internal and table_name in (select table_name from duckdb_tables() where not internal)
order by table_name, column_index
