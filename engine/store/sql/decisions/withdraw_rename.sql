-- in: $ticker (the old one), $session: the rename goes
delete from rename where session = $session and old_ticker = $ticker
