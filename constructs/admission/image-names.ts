/**
 * CEL expression that yields every image of a pod by its full name (`nginx` is `docker.io/library/nginx`): of containers
 * of every kind, and of volumes that are images. `lib/image-name.ts` says the same offline.
 *
 * @param spec CEL expression that yields the pod's spec
 */
export const imagesOf = (spec: string): string => `(${spec}.containers.map(c, c.?image.orValue(''))
  + ${spec}.?initContainers.orValue([]).map(c, c.?image.orValue(''))
  + ${spec}.?ephemeralContainers.orValue([]).map(c, c.?image.orValue(''))
  + ${spec}.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.?reference.orValue('')))
.map(i, i.contains('/') && (i.split('/')[0].contains('.') || i.split('/')[0].contains(':') || i.split('/')[0] == 'localhost')
  ? i
  : 'docker.io/' + (i.contains('/') ? i : 'library/' + i))`;

/** CEL condition on an image `i`: no entry of a list covers it. After a host comes a path: with a port it is another registry. */
export const isForeignTo = (list: string): string =>
  `!${list}.exists(r, i.startsWith(r + '/') || (r.contains('/') && (i.startsWith(r + ':') || i.startsWith(r + '@'))))`;
