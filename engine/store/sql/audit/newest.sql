-- returns: when the last change was made (UTC), null where none is on record
select max(changed_at) from audit
