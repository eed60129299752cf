-- in: $ticker: another company has it now, whose reports of shares have a scale of their own
delete from share_scale where ticker = $ticker
