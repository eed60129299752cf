-- returns: whether there is an index, whether the cap given for $ticker at $session is out of the ordinary in it, and
-- whether it is accepted
select
    exists (select 1 from index_build where index_name = $index_name),
    exists (select 1 from finding where index_name = $index_name and kind in ('quarantined-cap', 'band-expired', 'cap-step')
        and ticker = $ticker and session = $session),
    exists (select 1 from accepted_cap where ticker = $ticker and session = $session)
