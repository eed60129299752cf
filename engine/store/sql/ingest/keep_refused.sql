-- in: $file, $kind, $refused_at (UTC), and lists of equal length: $reason, $ticker, $rows, $first, $last, $example
insert into refused_row by name
select $file as file, $kind as kind, unnest($reason::varchar[]) as reason, unnest($ticker::varchar[]) as ticker,
    unnest($rows::bigint[]) as rows, unnest($first::date[]) as first, unnest($last::date[]) as last,
    unnest($example::varchar[]) as example, $refused_at as refused_at
