-- in: $index_name, staged rows
insert into index_session by name select $index_name as index_name, * from staged
