-- returns: final prices (USD) that a person has given, after $first, up to $last
select session, ticker, price from final_price where session > $first and session <= $last
order by session, ticker
