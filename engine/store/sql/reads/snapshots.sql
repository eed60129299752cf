-- returns: sessions of the first and of the last snapshot of the universe
select min(session), max(session) from universe_snapshot
