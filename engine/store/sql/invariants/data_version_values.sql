-- returns: 1 if the store has not exactly one data version that is not negative, and what it has
select case when count(*) = 1 and min(version) >= 0 then 0 else 1 end, count(*) || ' versions'
from data_version
