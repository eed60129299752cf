-- returns: members decided at the close of $session: listing, ticker, weights, sessions since the last price,
-- market cap
select listing_id, ticker, weight, weight_tr, stale, market_cap_usd from constituent
where index_name = $index_name and session = $session and member
order by ticker, listing_id
