-- in: a record of a change but its number; it gets the next one
-- returns: its number
insert into audit
select
    coalesce(max(audit_id), 0) + 1, $changed_at, $run_id, $command, $what, $detail,
    $rows_new, $rows_changed, $rows_removed, $first, $last
from audit
returning audit_id
