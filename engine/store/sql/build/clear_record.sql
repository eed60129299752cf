-- in: $index_name
delete from index_build where index_name = $index_name
