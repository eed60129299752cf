-- returns: securities, to say which can never be members
select ticker, exchange, country, security_type from security order by ticker
