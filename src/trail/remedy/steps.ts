import { repairCommand } from '../commands.ts';
import type { MissingPermission } from '../facts.ts';
import type { StatementDocument } from '../statements.ts';
import { type KeyChoice, setKeyInWords } from './keyChoice.ts';
import { type HandOver, handOverInWords } from './ownerWords.ts';
import { editInWords, type Held, type PolicyEdit } from './policyEdits.ts';
import { block, joined, names, say, type Words } from './words.ts';

/** A command of the AWS CLI. */
interface Run {
  readonly command: string;
}

const run = ({ command }: Run): Words => say`run ${block(command)}`;

/** How a person settles what a template or a plan leaves open. */
const SETTLED = {
  account: 'Give the account with `--account-id`',
  region: 'Give the Region with `--region`',
  parameter: 'Give its value with `--template-parameters`',
  deployment: 'Check the trail with `cloudtrail-kms scan` once it is deployed',
  options: 'Settle them with `--account-id`, `--region` and `--template-parameters`',
} as const;

export type SettledBy = keyof typeof SETTLED;

const ABOVE = 'in the management account or as its delegated administrator: no permission of the role helps';

/** How a reader is let past a policy. */
const LIFTED = {
  scp: `exempt the reading role from the service control policy that denies it, ${ABOVE}`,
  rcp: `exempt the reading role from the resource control policy that denies it, ${ABOVE}`,
  boundary: 'allow it in the permissions boundary of the reading role: no other permission of the role helps',
  session: 'allow it in the session policy with which the role is assumed: no permission of the role helps',
  endpoint: 'allow it in the policy of the VPC endpoint, or read past that endpoint',
  resource: 'exempt the reading role from the Deny statement that denies it, in the policy of what is read',
} as const;

const LOOK_AT = {
  key: 'fix the key or its policy; the findings about the key say what',
  'key, then bucket': 'look at the findings about the key first; if all pass, allow CloudTrail by the bucket policy',
  'bucket policy': 'fix the bucket policy; the finding about the bucket says how',
  'key and bucket policy': 'fix both policies; the findings about the key and the bucket say how',
  'other policies': 'look at resource control policies, and at what changed since the error',
  bucket: 'look at the bucket: that it exists and lets CloudTrail write',
} as const;

/** The options of `cloudtrail-kms repair` that say where it reads the trail; none: live, where its ARN says. */
export type TrailOptions = readonly string[];

/** A permission that was missing. */
interface Lacking {
  readonly lacks?: MissingPermission;
}

/** A logical id. */
interface InTemplate {
  readonly address: string;
}

/** A statement of a key's policy. */
interface PutStatement {
  /** `null`: the other one goes, and nothing takes its place. */
  readonly statement: StatementDocument | null;
  /** Sid, or `#index` from 0; `null`: it is a further one. */
  readonly inPlaceOf: string | null;
}

interface Repair {
  readonly trailArn: string;
  /**
   * `all`: repair plans the whole way; `dedicated`: where somebody vouches for it; `rest`: what is left after it; `chosen-key`: the key
   * that a person chose for a trail without one; `another-key`: in place of the trail's own.
   */
  readonly plans: keyof typeof PLANS;
}

const PLANS = {
  all: (source: TrailOptions, arn: string) =>
    say`${block(repairCommand(source, arn))} plans the fix where one is proved`,
  dedicated: (source: TrailOptions, arn: string) =>
    say`${block(repairCommand(source, arn, '--dedicated-keys'))} plans the fix where nothing else uses the key`,
  rest: (source: TrailOptions, arn: string) => say`${block(repairCommand(source, arn))} then plans what is left`,
  'chosen-key': (source: TrailOptions, arn: string) =>
    say`choose a customer-managed key, and run ${block(repairCommand(source, arn, '--key', 'KEY_ARN'))}: it allows CloudTrail by the key's policy first`,
  'another-key': (source: TrailOptions, arn: string) =>
    say`${block(repairCommand(source, arn, '--key', 'KEY_ARN'))} allows CloudTrail by the key's policy first, then sets it`,
};

/** Every step that a remedy takes, with its words: what a step holds is what its words need. */
const STEPS = {
  'prepare-key': () => ['allow CloudTrail by the policy of a customer-managed key'],
  'create-key': ({ kind }: { readonly kind: 'customer-managed' | 'symmetric encryption' }) => [
    `create a ${kind} key that allows CloudTrail`,
  ],
  'choose-key': ({ region }: { readonly region: string }) => say`choose a key in ${region} that allows CloudTrail`,
  'set-key': ({ key, command }: Run & { readonly key: KeyChoice }) =>
    setKeyInWords(key, key === 'chosen' ? run({ command }) : [block(command)]),
  'start-logging': run,
  'enable-key': run,
  'cancel-deletion': ({ command, enable }: Run & { readonly enable: string }) =>
    say`${run({ command })}, then ${block(enable)}`,
  'import-key-material': ({ command }: Run) => say`import the key material again: ${block(command)}`,
  'reconnect-key-store': ({ command }: Run) => say`reconnect the custom key store of the key: ${block(command)}`,
  'wait-for-key': () => ['wait until the key is created'],
  'rotate-key': ({ command, isMultiRegion }: Run & { readonly isMultiRegion: boolean }) =>
    say`${run({ command })}${isMultiRegion ? [ON_PRIMARY] : []}`,
  'revoke-grant': run,
  'look-at-grant': ({ command }: Run) => say`look at the grant with ${block(command)}`,
  'edit-policy': (edit: PolicyEdit) => editInWords(edit),
  /** By hand: the policy into a file, and what the file is after the edit into the key. */
  'write-policy': ({ read, write }: { readonly read: string; readonly write: string }) =>
    say`write it with ${block(read)}, an editor and ${block(write)}`,
  /** In a template: JSON, which YAML takes as well. */
  'set-property': ({ address, property, value }: InTemplate & { readonly property: string; readonly value: unknown }) =>
    say`set ${property} of ${address} to ${block(JSON.stringify(value))}`,
  'add-resource': ({ address, resource }: InTemplate & { readonly resource: unknown }) =>
    say`add the resource ${address}: ${block(JSON.stringify(resource))}`,
  'put-statement': ({ address, statement, inPlaceOf }: InTemplate & PutStatement) => {
    if (inPlaceOf === null) return say`add ${block(JSON.stringify(statement))} to the statements of ${address}`;
    return statement === null
      ? say`take statement ${inPlaceOf} out of ${address}`
      : say`put ${block(JSON.stringify(statement))} in place of statement ${inPlaceOf} of ${address}`;
  },
  /** Told last, of the way that it ends. */
  repair: ({ trailArn, plans }: Repair, source: TrailOptions) => PLANS[plans](source, trailArn),
  /** What somebody else deploys is changed there. */
  'hand-over': (handOver: HandOver) => handOverInWords(handOver),
  /** Statements of AWS RAM's policy, or shares that make one. */
  'remove-share': ({ statements }: { readonly statements: readonly string[] }) =>
    say`change or remove the key's share in AWS RAM, which alone can change ${names(statements)}`,
  'separate-users': () => ['first give an SNS topic or an event data store on this key a key of its own'],
  /** Adds something to one of some rule parameters. */
  'set-parameter': ({
    add,
    parameters,
  }: {
    readonly add: 'it' | 'the key' | 'the account';
    readonly parameters: readonly string[];
  }) => say`add ${[add]} to ${names(parameters, ' or ')}`,
  'let-rule-read': (_: Lacking) => ['let the rule read what it could not read, then evaluate again'],
  /** A policy that the reader's own permissions do not outweigh. */
  'lift-denial': ({ of }: Lacking & { readonly of: keyof typeof LIFTED }) => [`${LIFTED[of]}, then evaluate again`],
  'look-at': ({ what }: { readonly what: keyof typeof LOOK_AT }) => [LOOK_AT[what]],
  /** In the policy of the trail's bucket. */
  'allow-in-bucket-policy': ({
    bucket,
    add,
  }: {
    readonly bucket: string;
    readonly add: readonly StatementDocument[];
  }) =>
    say`add ${joined(
      add.map((statement) => [block(JSON.stringify(statement))]),
      ' and ',
    )} to the policy of bucket ${bucket}`,
  'exempt-in-bucket-policy': ({
    bucket,
    statements,
  }: {
    readonly bucket: string;
    readonly statements: readonly string[];
  }) => say`in the policy of bucket ${bucket}, let CloudTrail past Deny statement ${names(statements)}`,
  'look-at-bucket-policy': ({ bucket }: { readonly bucket: string }) =>
    say`name the trail by ${'aws:SourceArn'} and its files by their folder in the policy of bucket ${bucket}`,
  'encrypt-log-group': run,
  /** In the policy of the key of the trail's SNS topic. */
  'allow-topic': ({ key, add }: { readonly key: string; readonly add: StatementDocument }) =>
    say`add ${block(JSON.stringify(add))} to the policy of key ${key}, which encrypts the topic`,
  'set-topic-key': ({ command }: Run) =>
    say`give the topic a customer-managed key that allows CloudTrail: ${block(command)}`,
  /** Of a key that the trail named before: nothing that repair plans. */
  'keep-previous-key': ({ command, enable }: Run & { readonly enable: string }) =>
    say`${run({ command })}, then ${block(enable)}`,
  'move-logs': ({ to }: { readonly to: string }) =>
    say`keep the key, or move the older logs to key ${to} with ${'s3:UpdateObjectEncryption'} before it goes`,
  'restore-logs': () => ['restore the older logs from a copy that another key encrypts'],
  'ask-support': () => [
    'ask AWS Support to give access to the key back; until then move the trail to another key and keep this one for the existing logs',
  ],
  settle: ({ by }: { readonly by: readonly SettledBy[] }) => [by.map((one) => SETTLED[one]).join('. ')],
} satisfies Record<string, (step: never, source: TrailOptions) => Words>;

export const ON_PRIMARY = ' (on the primary key: replicas follow it)';

/** What a person does: its kind, and what that kind holds. */
export type RemedyStep = {
  [K in keyof typeof STEPS]: { readonly do: K } & Held<(typeof STEPS)[K]>;
}[keyof typeof STEPS];

/** The words of a step for whoever has the AWS CLI. INVARIANT: a step holds what the words of its kind take. */
export const stepInWords = (step: RemedyStep, source: TrailOptions): Words =>
  (STEPS[step.do] as (step: RemedyStep, source: TrailOptions) => Words)(step, source);
