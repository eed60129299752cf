-- in: $file, $kind: what was refused of it is forgotten
delete from refused_row where file = $file and kind = $kind
