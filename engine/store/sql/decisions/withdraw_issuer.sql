-- in: $ticker: its issuer is not known any more
update security set issuer = null where ticker = $ticker
