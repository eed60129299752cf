-- returns: traded value (USD, close x volume as traded) of the issuers with several lines, from $first to $last
with recursive known as (
    select ticker, lower(trim(issuer)) as issuer from security where trim(issuer) <> ''
    union
    select r.old_ticker, k.issuer from rename r join known k on k.ticker = r.new_ticker
),
several as (select issuer from known group by issuer having count(*) > 1)
select session, ticker, close * volume as traded_usd from price
where session between $first and $last and volume is not null
  and ticker in (select ticker from known where issuer in (select issuer from several))
