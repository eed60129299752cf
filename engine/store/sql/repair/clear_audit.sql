-- no change is on record any more
delete from audit
