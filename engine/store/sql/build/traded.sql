-- returns: traded value (USD, close x volume as traded) of the issuers with several lines, from $first to $last
select session, ticker, close * volume as traded_usd from price
where session between $first and $last and volume is not null
  and ticker in (
    select ticker from security
    where lower(trim(issuer)) in (
        select lower(trim(issuer)) from security where trim(issuer) <> '' group by 1 having count(*) > 1))
