-- in: a further part of a change that has its record; $first and $last may be null
-- returns: how many records it was added to: 0 or 1
update audit set
    rows_new = rows_new + $rows_new, rows_changed = rows_changed + $rows_changed,
    rows_removed = rows_removed + $rows_removed, first = least(first, $first), last = greatest(last, $last)
where changed_at = $changed_at and run_id = $run_id and command = $command and what = $what and detail = $detail
