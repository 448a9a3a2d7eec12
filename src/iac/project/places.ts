import type { Template } from '../cloudformation/template.ts';

/** Of things by name those that may be where a template is deployed; where some surely are, those alone. */
export function inPlaceOf<T extends { readonly template: Template }>(
  seeker: Template,
  things: readonly T[],
): readonly T[] {
  const { deployment } = seeker;
  const others = things.filter(({ template }) => template !== seeker && meet(template.deployment, deployment));
  const sure = others.filter(({ template }) => isKnown(template.deployment) && isKnown(deployment));
  return sure.length > 0 ? sure : others;
}

type Place = Pick<Template['deployment'], 'accountId' | 'region' | 'targets'>;

const meet = (one: Place, other: Place): boolean =>
  mayBeSame(one.accountId, other.accountId) &&
  mayBeSame(one.region, other.region) &&
  // The instances of a StackSet are by themselves.
  one.targets === undefined &&
  other.targets === undefined;

const mayBeSame = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one === other;

const isKnown = ({ accountId, region }: Place): boolean => accountId !== null && region !== null;
