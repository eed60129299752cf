-- in: $index_name, staged rows
insert into listing_spell by name select $index_name as index_name, * from staged
