/** Issuer of every certificate that kubeadm's main authority signs. */
export const clusterIssuer = /(^|,)\s*CN\s*=\s*kubernetes\s*(,|$)/;
