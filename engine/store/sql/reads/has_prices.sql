-- returns: whether there is any price
select exists (select 1 from price)
