import { ApiObject } from 'cdk8s';
import type { IConstruct, IMixin } from 'constructs';
import { type Fields, fieldsOf, isFields, textOf } from '../../lib/fields';
import { podOf } from '../../lib/lint/manifest';
import { formatWaivers, waiversAnnotation } from '../../lib/lint/waiver';
import { completePod } from './complete-pod';
import type { PodHardeningProps } from './pod-hardening-props';

/** Longest value of a label, in characters; names may be longer. */
const longestLabel = 63;

/**
 * Completes every workload below a construct, whoever wrote it: `chart.with(new PodHardening())`. What the author has
 * set stays, weak or not: judging is another's work (`enforceHardening`).
 *
 * Objects are completed when they are rendered, so that containers that are added later are completed too.
 */
export class PodHardening implements IMixin {
  constructor(private readonly props: PodHardeningProps = {}) {}

  supports(construct: IConstruct): construct is ApiObject {
    return ApiObject.isApiObject(construct);
  }

  applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) return;
    const render = construct.toJson.bind(construct);
    construct.toJson = () => completeObject(render(), this.props);
  }
}

function completeObject(object: Fields, props: PodHardeningProps): Fields {
  const place = podOf(object);
  if (!place) return object;
  const completed = replace(object, place.path.split('.'), plain(completePod(object, place.spec, props)));
  const { waivers = [] } = props;
  const metadata = fieldsOf(object.metadata);
  const name = textOf(metadata.name);
  const isLabel = name !== '' && name.length <= longestLabel;
  const labels = { ...(isLabel && { 'app.kubernetes.io/instance': name }), ...fieldsOf(metadata.labels) };
  const annotations = { ...fieldsOf(metadata.annotations), [waiversAnnotation]: formatWaivers(waivers) };
  return { ...completed, metadata: plain({ ...metadata, labels, ...(waivers.length > 0 && { annotations }) }) };
}

/** A copy with sorted keys, as cdk8s renders, and without shared parts, which YAML would write as aliases. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (!isFields(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) copy[key] = plain(value[key]);
  return copy as T;
}

/** `object` with the value at the end of `steps` replaced; `object` itself stays as it is. */
function replace(object: Fields, [step, ...rest]: readonly string[], value: Fields): Fields {
  if (step === undefined) return value;
  return { ...object, [step]: replace(fieldsOf(object[step]), rest, value) };
}
