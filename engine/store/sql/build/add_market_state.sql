-- in: $index_name, staged rows
insert into market_state by name select $index_name as index_name, * from staged
