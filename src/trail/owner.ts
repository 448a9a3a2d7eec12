/** Who deploys a trail or a key, and so changes it; `terraform` only where a plan is at hand. */
export type OwnerKind = 'control-tower' | 'landing-zone-accelerator' | 'cloudformation' | 'terraform';

export interface Owner {
  readonly by: OwnerKind;
  /** The stack that deploys it, where its tags name one. */
  readonly stack: string | null;
}

/** A tag; AWS gives every tag a value, which may be empty. */
export interface OwnerTag {
  readonly key: string;
  readonly value: string;
}

/** Names that begin so, of trails and of the stacks that deploy trails and keys. Trails' names are compared without case. */
const NAMES: readonly (readonly [RegExp, OwnerKind])[] = [
  [/^aws-controltower-/i, 'control-tower'],
  [/^(?:StackSet-)?AWSControlTower/, 'control-tower'],
  [/^AWSAccelerator-/i, 'landing-zone-accelerator'],
];

/** How the Landing Zone Accelerator names its keys. Control Tower's key has whatever alias its administrator chose. */
const ACCELERATOR_ALIAS = /^alias\/accelerator\//i;

/** Set by CloudFormation on what it deploys, and by nobody else (AWS CloudFormation User Guide, "Resource tag"). */
const DEPLOYED = /^aws:cloudformation:/;

const byName = (name: string, stack: string | null): Owner | null => {
  const by = NAMES.find(([pattern]) => pattern.test(name))?.[1];
  return by === undefined ? null : { by, stack };
};

/** The landing zone that a trail's name belongs to; `null`: none. */
export const ownerByName = (name: string): Owner | null => byName(name, null);

/** The landing zone that a key's aliases belong to; `null`: none. */
export const ownerByAliases = (aliases: readonly string[]): Owner | null =>
  aliases.some((alias) => ACCELERATOR_ALIAS.test(alias)) ? { by: 'landing-zone-accelerator', stack: null } : null;

/** Who deploys what has these tags; `null`: no stack. A landing zone deploys by stacks of its own. */
export function ownerByTags(tags: readonly OwnerTag[]): Owner | null {
  const deployed = tags.filter(({ key }) => DEPLOYED.test(key));
  if (deployed.length === 0) return null;
  const tag = (name: string): string => deployed.find(({ key }) => key === `aws:cloudformation:${name}`)?.value ?? '';
  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
  const stack = tag('stack-name') || tag('stack-id').split(':stack/')[1]?.split('/')[0] || null;
  return byName(stack ?? '', stack) ?? { by: 'cloudformation', stack };
}

export const OWNER_NAMES: Readonly<Record<OwnerKind, string>> = {
  'control-tower': 'AWS Control Tower',
  'landing-zone-accelerator': 'the Landing Zone Accelerator',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
};

/** A sentence part that names the owner: "the trail `main` is deployed by CloudFormation, stack `logging`". */
export function ownedInWords(what: string, { by, stack }: Owner): string {
  const isDeployed = by === 'cloudformation' || by === 'terraform';
  const inStack = isDeployed && stack !== null ? `, stack \`${stack}\`` : '';
  return `${what} ${isDeployed ? 'is deployed by' : 'belongs to'} ${OWNER_NAMES[by]}${inStack}`;
}

interface Owned {
  readonly owner?: Owner | null;
}

/** Who deploys a trail, or else its key: whoever owns one of them changes both. */
export const ownerOf = (trail: Owned, key: Owned | null): Owner | null => trail.owner ?? key?.owner ?? null;
