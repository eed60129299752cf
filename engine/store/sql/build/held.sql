-- returns: members decided at $session, with the position of the start of each membership
select c.listing_id, c.weight, c.weight_tr, c.since, s.ordinal
from constituent c
join index_session s on s.index_name = c.index_name and s.session = c.since
where c.index_name = $index_name and c.session = $session and c.member
order by c.rank nulls last, c.listing_id
