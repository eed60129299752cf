-- returns: the first ticker, from $ticker on through its renames, of which something is known, and its name
with recursive became as (
    select $ticker::varchar as ticker, 0 as steps
    union all
    select r.new_ticker, b.steps + 1 from became b join rename r on r.old_ticker = b.ticker where b.steps < 20
)
select s.ticker, s.name from became b join security s on s.ticker = b.ticker order by b.steps, s.ticker limit 1
