-- returns: given market caps (USD) from $first to $last, with the ticker's number in the staged list
select m.session, n.code, m.market_cap_usd
from market_cap m join staged n on n.ticker = m.ticker
where m.session between $first and $last
