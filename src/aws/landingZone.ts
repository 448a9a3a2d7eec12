import { trailIdentity } from '../trail/arn.ts';

/** Trails that a landing zone deploys: by hand nothing of them is changed. */
const LANDING_ZONES: readonly (readonly [RegExp, string])[] = [
  [/^aws-controltower-/i, 'AWS Control Tower'],
  [/^AWSAccelerator-/i, 'the Landing Zone Accelerator'],
];

/** The landing zone that a trail's name belongs to, as a sentence part; `null`: none. */
export function landingZoneOf(trailArn: string): string | null {
  const name = trailIdentity(trailArn)?.name ?? '';
  const owner = LANDING_ZONES.find(([pattern]) => pattern.test(name))?.[1];
  return owner === undefined ? null : `the trail \`${trailArn}\` belongs to ${owner}`;
}

/** The landing zones that own trails of a plan, as sentence parts: what they deploy is theirs to change. */
export const landingZonesOf = ({ trailArns }: { readonly trailArns: readonly string[] }): readonly string[] =>
  trailArns.map(landingZoneOf).filter((owner) => owner !== null);
