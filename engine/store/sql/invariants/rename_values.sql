-- returns: renames of a ticker to nothing or to itself, and one of these
select count(*), min(session || ' ' || old_ticker) from rename where old_ticker = new_ticker or trim(new_ticker) = ''
