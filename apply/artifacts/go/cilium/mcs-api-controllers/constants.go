// Package controllers holds the only part of sigs.k8s.io/mcs-api/controllers that Cilium's operator uses: one name.
// The module itself is on no Go module proxy that was tried. The operator reads the name only in features that stay
// off here: the Multi-Cluster Services API and the Gateway API.
package controllers

// DerivedServiceAnnotation names the Service that stands for a ServiceImport in a cluster.
const DerivedServiceAnnotation = "multicluster.kubernetes.io/derived-service"
