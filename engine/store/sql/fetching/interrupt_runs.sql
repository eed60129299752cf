-- a fetch that still runs when another one begins was ended from outside
update fetch_run set outcome = 'stopped', reason = 'it was interrupted' where outcome = 'running'
