-- in: $index_name, staged rows
insert into finding by name select $index_name as index_name, * from staged
