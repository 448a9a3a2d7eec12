import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import type { Access } from '../../aws/access.ts';
import { change, kmsCall, type Replaced, replaceKeyPolicy, restoreKeyPolicy } from '../../aws/keyPolicyWriter.ts';
import { keyIdentity, trailIdentity } from '../../trail/arn.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { editedText, policyText } from '../../trail/repair/policyText.ts';

/** One change, and how it is taken back. */
export interface Step {
  readonly name: string;
  /** @throws InfrastructureError when it is not known whether the change was made */
  run(): Promise<Replaced>;
  /** `null`: it cannot be taken back without harm, for the reason that is given. */
  readonly undo: (() => Promise<Replaced>) | { readonly harm: string };
  /** Refusals that pass by themselves while KMS tells its own servers of a new policy. */
  readonly passing: ReadonlySet<string>;
}

/** What signs the changes of a plan. */
export interface Hands {
  readonly key: Access;
  /** Of the trail that is to get a key. */
  readonly trail: { readonly arn: string; readonly access: Access } | null;
}

/** CloudTrail asks KMS for a data key before it takes a key (AWS CloudTrail API Reference, UpdateTrail). */
const PASSING: ReadonlySet<string> = new Set([
  'InsufficientEncryptionPolicyException',
  'KmsException',
  'KmsKeyDisabledException',
  'KmsKeyNotFoundException',
]);
const NOTHING_PASSES: ReadonlySet<string> = new Set();

/** The changes of a repaired plan in the order in which they are safe: the key policy, the key, the trail. */
export function stepsOf({ keyArn, work, edits }: RepairPlan, { key, trail }: Hands): readonly Step[] {
  if (keyArn === null || work === null) return [];
  const steps: Step[] = [];
  if (work.policyEdits.length > 0) {
    const texts = { before: policyText(work.before), after: editedText(work.before, work.policyEdits) };
    steps.push({
      name: `write the policy of ${keyArn}`,
      run: () => replaceKeyPolicy(key, keyArn, texts),
      undo: () => restoreKeyPolicy(key, keyArn, texts),
      passing: NOTHING_PASSES,
    });
  }
  for (const { change: kind } of edits) {
    if (kind === 'deletion-cancelled') steps.push(cancelDeletion(key, keyArn));
    if (kind === 'key-enabled') steps.push(enableKey(key, keyArn));
    if (kind === 'rotation-enabled') steps.push(enableRotation(key, keyArn));
    if (kind === 'trail-key-set' && trail !== null) steps.push(setKey(trail.access, trail.arn, keyArn));
  }
  return steps;
}

const cancelDeletion = (access: Access, keyArn: string): Step => ({
  name: `cancel the deletion of ${keyArn}`,
  run: () =>
    change(access, kmsCall('CancelKeyDeletion', keyArn), (options) =>
      kms(access, keyArn).send(new CancelKeyDeletionCommand({ KeyId: idOf(keyArn) }), options),
    ),
  undo: { harm: 'the deletion of the key stays cancelled: scheduling it again is for a person' },
  passing: NOTHING_PASSES,
});

const enableKey = (access: Access, keyArn: string): Step => ({
  name: `enable ${keyArn}`,
  run: () =>
    change(access, kmsCall('EnableKey', keyArn), (options) =>
      kms(access, keyArn).send(new EnableKeyCommand({ KeyId: idOf(keyArn) }), options),
    ),
  undo: () =>
    change(access, kmsCall('DisableKey', keyArn), (options) =>
      kms(access, keyArn).send(new DisableKeyCommand({ KeyId: idOf(keyArn) }), options),
    ),
  // Right after a cancelled deletion.
  passing: new Set(['KMSInvalidStateException']),
});

const enableRotation = (access: Access, keyArn: string): Step => ({
  name: `turn on the rotation of ${keyArn}`,
  run: () =>
    change(access, kmsCall('EnableKeyRotation', keyArn), (options) =>
      kms(access, keyArn).send(new EnableKeyRotationCommand({ KeyId: idOf(keyArn) }), options),
    ),
  undo: () =>
    change(access, kmsCall('DisableKeyRotation', keyArn), (options) =>
      kms(access, keyArn).send(new DisableKeyRotationCommand({ KeyId: idOf(keyArn) }), options),
    ),
  // Right after the key was enabled.
  passing: new Set(['DisabledException', 'KMSInvalidStateException']),
});

function setKey(access: Access, trailArn: string, keyArn: string): Step {
  const update = (KmsKeyId: string): Promise<Replaced> => {
    const region = trailIdentity(trailArn)?.homeRegion ?? '';
    const call = {
      service: 'CloudTrail',
      operation: 'UpdateTrail',
      permission: 'cloudtrail:UpdateTrail',
      subject: trailArn,
      region,
    };
    return change(access, call, (options) =>
      access.clients.get(CloudTrailClient, region).send(new UpdateTrailCommand({ Name: trailArn, KmsKeyId }), options),
    );
  };
  return {
    name: `set the key of ${trailArn}`,
    run: () => update(keyArn),
    // An empty value takes the key off the trail again.
    undo: () => update(''),
    passing: PASSING,
  };
}

const kms = ({ clients }: Access, keyArn: string): KMSClient =>
  clients.get(KMSClient, keyIdentity(keyArn)?.region ?? '');

const idOf = (keyArn: string): string => keyIdentity(keyArn)?.keyId ?? keyArn;
