-- returns: moment of the last change on record (UTC)
select max(changed_at) from audit
