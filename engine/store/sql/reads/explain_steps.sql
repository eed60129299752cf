-- returns: every session after $first, up to $last, into which a listing was held: weight, return, index level before
select x.session, case when $total then x.weight_tr else x.weight end,
    case when $total then x.return_tr else x.return_pr end,
    case when $total then b.level_tr else b.level_pr end
from contribution x
join index_session s on s.index_name = x.index_name and s.session = x.session
join index_session b on b.index_name = x.index_name and b.ordinal = s.ordinal - 1
where x.index_name = $index_name and x.listing_id = $listing_id and x.weight > 0
  and x.session > $first and x.session <= $last
order by x.session
