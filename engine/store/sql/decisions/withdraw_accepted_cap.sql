-- in: $ticker, $session: its given cap is not accepted any more
delete from accepted_cap where session = $session and ticker = $ticker
