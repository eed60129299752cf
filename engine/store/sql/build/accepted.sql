-- returns: caps that a person has accepted, after $first, up to $last
select session, ticker from accepted_cap where session > $first and session <= $last
order by session, ticker
