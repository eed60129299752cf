-- returns: refused rows that count nothing or end before they begin, and one of these
select count(*), min(file || ': ' || reason) from refused_row where rows < 1 or first > last
