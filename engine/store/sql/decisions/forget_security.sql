-- in: $ticker: a security of which nothing is known but its ticker goes
delete from security
where ticker = $ticker and name = ticker
    and coalesce(sector, industry, exchange, issuer, country, security_type) is null
