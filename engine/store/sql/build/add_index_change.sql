-- in: $index_name, staged rows
insert into index_change by name select $index_name as index_name, * from staged
