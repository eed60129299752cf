-- returns: rows of dividend whose amount is not a positive number, and one of these
select count(*), min(session || ' ' || ticker) from dividend where not (isfinite(amount) and amount > 0)
