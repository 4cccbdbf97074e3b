module bulwark/artifacts/etcd

go 1.26.0
