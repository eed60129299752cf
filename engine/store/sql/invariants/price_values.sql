-- returns: prices whose close is not a positive number, or another of their numbers is negative, and one of these
select count(*), min(session || ' ' || ticker) from price
where not (isfinite(close) and close > 0 and (volume is null or isfinite(volume) and volume >= 0)
    and (open is null or isfinite(open) and open >= 0)
    and (high is null or isfinite(high) and high >= 0) and (low is null or isfinite(low) and low >= 0))
