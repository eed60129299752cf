-- returns: the session next to $session at which a given cap of $ticker was held back, or taken with a finding
select session from finding
where index_name = $index_name and kind in ('quarantined-cap', 'band-expired', 'cap-step') and ticker = $ticker
order by abs(session - $session::date), session limit 1
