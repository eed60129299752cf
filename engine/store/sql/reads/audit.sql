-- in: $limit
-- returns: the last records of changes, the newest first, without their numbers
select
    changed_at, run_id, command, what, detail, rows_new, rows_changed, rows_removed, first, last
from audit
order by audit_id desc
limit $limit
