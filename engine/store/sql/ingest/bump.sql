-- every change of the store makes a new data version
update data_version set version = version + 1
