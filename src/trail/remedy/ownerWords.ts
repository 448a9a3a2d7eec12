import type { Owner } from '../owner.ts';
import { type KeyChoice, setKeyInWords } from './keyChoice.ts';
import { editInWords, type PolicyEdit } from './policyEdits.ts';
import { block, say, type Words } from './words.ts';

/** What the owner of a trail or key changes there where it is deployed. */
export type OwnersChange =
  | { readonly what: 'trail-key'; readonly key: KeyChoice }
  | { readonly what: 'key-policy'; readonly edit: PolicyEdit }
  | { readonly what: 'rotation' }
  /** The command brings back what its owner deploys, where somebody changed it by hand. */
  | { readonly what: 'logging' | 'key-state'; readonly command: string };

/** A change that is for its owner. */
export interface HandOver {
  readonly owner: Owner;
  /** Which of the two is known to be its owner's: the other one may be deployed elsewhere. */
  readonly owns: 'trail' | 'key';
  readonly change: OwnersChange;
}

const isOfTrail = ({ what }: OwnersChange): boolean => what === 'trail-key' || what === 'logging';

/** Where the owner changes a trail or a key: "in the template of the stack `logging`". */
export function placeOf({ by, stack }: Owner): Words {
  switch (by) {
    case 'control-tower':
      return ["in the landing zone's settings of AWS Control Tower"];
    case 'landing-zone-accelerator':
      return ['in the configuration repository of the Landing Zone Accelerator'];
    case 'cloudformation':
      return stack === null ? ['in its CloudFormation template'] : say`in the template of the stack ${stack}`;
    case 'terraform':
      return ['in its Terraform configuration'];
  }
}

/** How the owner's sources call what is changed. */
const PROPERTIES = {
  'control-tower': null,
  'landing-zone-accelerator': null,
  cloudformation: { 'trail-key': 'KMSKeyId', 'key-policy': 'KeyPolicy' },
  terraform: { 'trail-key': 'kms_key_id', 'key-policy': 'policy' },
} as const;

/** A stack that deploys one of the two need not deploy the other. */
const orElsewhere = (owner: Owner, change: OwnersChange): Words => [
  ...placeOf(owner),
  `, or where the ${isOfTrail(change) ? 'trail' : 'key'} is deployed`,
];

export function handOverInWords({ owner, owns, change }: HandOver): Words {
  const isOwned = (owns === 'trail') === isOfTrail(change);
  const place = isOwned || owner.by !== 'cloudformation' ? placeOf(owner) : orElsewhere(owner, change);
  const property = PROPERTIES[owner.by];
  switch (change.what) {
    case 'trail-key': {
      if (owner.by === 'control-tower')
        return setKeyInWords(
          change.key,
          say`choose it as the KMS key ${place}, not with ${'update-trail'}: its policy allows AWS Config, too`,
        );
      if (property === null) return setKeyInWords(change.key, say`set it ${place}, not with ${'update-trail'}`);
      return setKeyInWords(change.key, say`set ${property['trail-key']} of the trail ${place}`);
    }
    case 'key-policy': {
      const edit = editInWords(change.edit);
      // Control Tower names the key and leaves its policy to whoever runs it.
      if (owner.by === 'control-tower')
        return say`in the policy of the key ${place}, beside what allows AWS Config: ${edit}`;
      return property === null ? say`${place}: ${edit}` : say`in ${property['key-policy']} ${place}: ${edit}`;
    }
    case 'rotation':
      return say`turn rotation on ${place}`;
    case 'logging':
      if (owner.by === 'control-tower')
        return say`run ${block(change.command)}, or reset the landing zone where AWS Control Tower denies it`;
      return say`leave logging on ${place}, and run ${block(change.command)} where it is on there`;
    case 'key-state':
      return say`enable the key ${place}, and run ${block(change.command)} where it is enabled there`;
  }
}
