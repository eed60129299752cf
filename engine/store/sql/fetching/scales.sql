-- returns: factor from the reported shares of each ticker to those of the whole company
select ticker, scale from share_scale order by ticker
