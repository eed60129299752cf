-- returns: what was held into $session, largest contribution first, and whether it had a price; with $removed also
-- what was removed at the session before
select c.listing_id, c.ticker, c.weight, c.weight_tr, c.return_pr, c.return_tr, c.contribution_pr, c.contribution_tr,
    p.session is not null or f.session is not null
from contribution c
left join price p on p.session = $session and p.ticker = c.ticker
left join ending f on f.session = $session and f.ticker = c.ticker
where c.index_name = $index_name and c.session = $session and (c.weight > 0 or $removed)
order by abs(c.contribution_pr) desc, c.ticker, c.listing_id
