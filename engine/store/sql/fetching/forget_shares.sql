-- in: $ticker: another stock has it now, whose reports of shares nobody has asked for
delete from fetch_state where kind = 'shares' and symbol = $ticker
