-- in: $index_name, staged rows
insert into contribution by name select $index_name as index_name, * from staged
