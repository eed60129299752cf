-- returns: members decided at the close of $session: listing, ticker, weights, sessions since the last price
select listing_id, ticker, weight, weight_tr, stale from constituent
where index_name = $index_name and session = $session and member
order by ticker, listing_id
