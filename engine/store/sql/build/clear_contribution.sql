-- in: $index_name, $after: rows of later sessions go
delete from contribution where index_name = $index_name and session > $after
