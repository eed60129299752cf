-- returns: records of changes that count less than nothing or end before they begin, and one of these
select count(*), min('record ' || audit_id) from audit
where least(rows_new, rows_changed, rows_removed) < 0 or first > last
