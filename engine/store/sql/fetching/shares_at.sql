-- returns: the last number of shares of $ticker that is known on $session: its day, shares
select session, shares_outstanding from known_shares where ticker = $ticker and session <= $session
order by session desc limit 1
