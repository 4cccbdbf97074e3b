/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  /** Plural names; subresources as `pods/exec`. */
  readonly resources: readonly string[];
  /** Names that the rule is limited to; none: all. */
  readonly names: readonly string[];
}

/** One thing to do to one kind of resource. */
export interface Action {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/** Whether a rule allows an action, as the API server's authorizer decides it; names are left to the caller. */
export function covers({ verbs, groups, resources }: Rule, { verb, group, resource }: Action): boolean {
  const subresource = resource.split('/')[1];
  const has = (list: readonly string[], ...wanted: readonly string[]): boolean =>
    list.some((each) => each === '*' || wanted.includes(each));
  return (
    has(verbs, verb) && has(groups, group) && has(resources, resource, ...(subresource ? [`*/${subresource}`] : []))
  );
}
