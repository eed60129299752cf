-- returns: first session at which what is known of $ticker counts: its own first price or that of any renamed ticker
select min(session) from price where ticker = $ticker or ticker in (select old_ticker from rename)
