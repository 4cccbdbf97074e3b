/** Issuer of every certificate that kubeadm's main authority signs. */
export const clusterIssuer = /CN\s*=\s*kubernetes\b/;
