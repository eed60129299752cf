-- in: $ticker, $session: it is not delisted
delete from delisting where ticker = $ticker and session = $session
