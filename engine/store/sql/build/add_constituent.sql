-- in: $index_name, staged rows
insert into constituent by name select $index_name as index_name, * from staged
