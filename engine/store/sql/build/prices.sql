-- returns: closes as traded (USD per share) from $first to $last, with the ticker's number in the staged list
select p.session, n.code, p.close
from price p join staged n on n.ticker = p.ticker
where p.session between $first and $last
