-- returns: rows of shares whose shares_outstanding is not a positive number, and one of these
select count(*), min(session || ' ' || ticker) from shares where not (isfinite(shares_outstanding) and shares_outstanding > 0)
