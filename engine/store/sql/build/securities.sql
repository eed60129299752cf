-- returns: what decides eligibility and the company of a ticker
select ticker, exchange, issuer, country, security_type, sector from security order by ticker
