-- in: $index_name, $after: rows of later sessions go, and runs without a cap that staged ones replace
delete from finding
where index_name = $index_name
  and (session > $after
    or (kind = 'no-cap' and (ticker, since) in (select (ticker, since) from staged where kind = 'no-cap')))
