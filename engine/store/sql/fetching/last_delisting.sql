-- returns: session of the last delisting of $ticker
select max(session) from delisting where ticker = $ticker
