-- in: $ticker, $session: its final price goes
delete from final_price where session = $session and ticker = $ticker
