-- returns: lines of the company of a ticker about $session: listing, ticker, exchange, issuer, country, type,
-- sector
with recursive known as (
    select ticker, exchange, lower(trim(issuer)) as issuer, country, security_type, sector from security
    union
    select r.old_ticker, k.exchange, k.issuer, k.country, k.security_type, k.sector
    from rename r join known k on k.ticker = r.new_ticker
    where r.old_ticker not in (select ticker from security)
)
select s.listing_id, s.ticker, k.exchange, k.issuer, k.country, k.security_type, k.sector
from listing_spell s join known k on k.ticker = s.ticker
where s.index_name = $index_name and k.issuer <> ''
  and k.issuer in (select issuer from known where ticker = $ticker)
  and $session between s.first_session and s.last_session + 9
order by s.ticker, s.listing_id
