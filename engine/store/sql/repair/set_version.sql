-- the data have this version
update data_version set version = $version
