-- in: $through: records up to this number are forgotten
delete from audit where audit_id <= $through
