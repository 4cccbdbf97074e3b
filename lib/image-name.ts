/** An image by its full name, as the runtime reads it: `nginx` is `docker.io/library/nginx`. */
export function fullImageName(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isHost) return image;
  return `docker.io/${rest.length > 0 ? '' : 'library/'}${image}`;
}

/**
 * Whether an image comes from a registry, or from a repository in one. After a host comes a path: with a port it is
 * another registry.
 *
 * @param name full name of the image
 */
export function comesFrom(registry: string, name: string): boolean {
  if (name.startsWith(`${registry}/`)) return true;
  return registry.includes('/') && (name.startsWith(`${registry}:`) || name.startsWith(`${registry}@`));
}
