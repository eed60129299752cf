-- returns: known shares from $first to $last, and the last ones of each ticker before $first
select session, ticker, shares_outstanding from known_shares where session between $first and $last
union all
select max(session), ticker, arg_max(shares_outstanding, session) from known_shares where session < $first group by ticker
order by session, ticker
