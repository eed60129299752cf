-- returns: final prices that are negative or no number, and one of these
select count(*), min(session || ' ' || ticker) from final_price where not (isfinite(price) and price >= 0)
