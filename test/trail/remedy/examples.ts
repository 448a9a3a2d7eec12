import type { PolicyEdit } from '../../../src/trail/remedy/policyEdits.ts';
import type { Remedy } from '../../../src/trail/remedy/remedy.ts';
import type { RemedyStep } from '../../../src/trail/remedy/steps.ts';

/** A remedy and how it reads. */
export interface Example {
  readonly remedy: Remedy;
  readonly says: string;
  /** Where the trail stands in a file, if it reads another way there. */
  readonly inFile?: string;
}

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const step = (one: RemedyStep): Remedy => [[one]];
const edit = (one: PolicyEdit): Remedy => [[{ do: 'edit-policy', ...one }]];
const setKey = (key: Extract<RemedyStep, { do: 'set-key' }>['key']): RemedyStep => ({
  do: 'set-key',
  key,
  command: 'aws update',
});

/** One of each step; the compiler keeps it complete. */
export const STEPS: Readonly<Record<RemedyStep['do'], Example>> = {
  'prepare-key': {
    remedy: [[{ do: 'prepare-key' }, setKey('chosen')]],
    says: 'Allow CloudTrail by the policy of a customer-managed key, then run `aws update`.',
    inFile: 'Allow CloudTrail by the policy of a customer-managed key, then set `KMSKeyId` of `Trail`.',
  },
  'create-key': {
    remedy: [[{ do: 'create-key', kind: 'symmetric encryption' }, setKey('chosen')]],
    says: 'Create a symmetric encryption key that allows CloudTrail, then run `aws update`.',
    inFile: 'Create a symmetric encryption key that allows CloudTrail, then set `KMSKeyId` of `Trail`.',
  },
  'choose-key': {
    remedy: step({ do: 'choose-key', region: 'eu-west-1' }),
    says: 'Choose a key in `eu-west-1` that allows CloudTrail.',
  },
  'set-key': {
    remedy: step(setKey('existing')),
    says: 'Give the trail a key that exists: `aws update`.',
    inFile: 'Give the trail a key that exists: set `KMSKeyId` of `Trail`.',
  },
  'start-logging': {
    remedy: step({ do: 'start-logging', command: 'aws start' }),
    says: 'Run `aws start`.',
    inFile: 'Leave logging on in `Trail`.',
  },
  'enable-key': {
    remedy: [[{ do: 'enable-key', command: 'aws enable' }], [setKey('another')]],
    says: 'Run `aws enable`; or give the trail another key: `aws update`.',
    inFile: 'Enable the key in the file; or give the trail another key: set `KMSKeyId` of `Trail`.',
  },
  'cancel-deletion': {
    remedy: step({ do: 'cancel-deletion', command: 'aws cancel', enable: 'aws enable' }),
    says: 'Run `aws cancel`, then `aws enable`.',
  },
  'import-key-material': {
    remedy: step({ do: 'import-key-material', command: 'aws import' }),
    says: 'Import the key material again: `aws import`.',
  },
  'reconnect-key-store': {
    remedy: step({ do: 'reconnect-key-store', command: 'aws connect' }),
    says: 'Reconnect the custom key store of the key: `aws connect`.',
  },
  'hand-over': {
    remedy: step({
      do: 'hand-over',
      owner: { by: 'cloudformation', stack: 'logging' },
      owns: 'trail',
      change: { what: 'trail-key', key: 'another' },
    }),
    says: 'Give the trail another key: set `KMSKeyId` of the trail in the template of the stack `logging`.',
  },
  'remove-share': {
    remedy: step({ do: 'remove-share', statements: ['AWS_RAM Shared'] }),
    says: "Change or remove the key's share in AWS RAM, which alone can change `AWS_RAM Shared`.",
    inFile: 'Change or remove `AWS_RAM Shared` in the file.',
  },
  'allow-in-bucket-policy': {
    remedy: step({ do: 'allow-in-bucket-policy', bucket: 'logs', add: [{ Sid: 'Acl' }, { Sid: 'Write' }] }),
    says: 'Add `{"Sid":"Acl"}` and `{"Sid":"Write"}` to the policy of bucket `logs`.',
  },
  'exempt-in-bucket-policy': {
    remedy: step({ do: 'exempt-in-bucket-policy', bucket: 'logs', statements: ['TLS'] }),
    says: 'In the policy of bucket `logs`, let CloudTrail past Deny statement `TLS`.',
  },
  'look-at-bucket-policy': {
    remedy: step({ do: 'look-at-bucket-policy', bucket: 'logs' }),
    says: 'Name the trail by `aws:SourceArn` and its files by their folder in the policy of bucket `logs`.',
  },
  'encrypt-log-group': {
    remedy: step({ do: 'encrypt-log-group', command: 'aws associate' }),
    says: 'Run `aws associate`.',
    inFile: 'Give the log group a key in the file.',
  },
  'allow-topic': {
    remedy: step({ do: 'allow-topic', key: 'KEY', add: { Sid: 'Topic' } }),
    says: 'Add `{"Sid":"Topic"}` to the policy of key `KEY`, which encrypts the topic.',
  },
  'set-topic-key': {
    remedy: step({ do: 'set-topic-key', command: 'aws set' }),
    says: 'Give the topic a customer-managed key that allows CloudTrail: `aws set`.',
    inFile: 'Give the topic a customer-managed key that allows CloudTrail in the file.',
  },
  'keep-previous-key': {
    remedy: step({ do: 'keep-previous-key', command: 'aws cancel', enable: 'aws enable' }),
    says: 'Run `aws cancel`, then `aws enable`.',
  },
  'move-logs': {
    remedy: step({ do: 'move-logs', to: 'KEY' }),
    says: 'Keep the key, or move the older logs to key `KEY` with `s3:UpdateObjectEncryption` before it goes.',
  },
  'restore-logs': {
    remedy: step({ do: 'restore-logs' }),
    says: 'Restore the older logs from a copy that another key encrypts.',
  },
  'wait-for-key': { remedy: step({ do: 'wait-for-key' }), says: 'Wait until the key is created.' },
  'rotate-key': {
    remedy: step({ do: 'rotate-key', command: 'aws rotate', isMultiRegion: true }),
    says: 'Run `aws rotate` (on the primary key: replicas follow it).',
    inFile: 'Turn rotation on in the file (on the primary key: replicas follow it).',
  },
  'revoke-grant': {
    remedy: [
      [{ do: 'revoke-grant', command: 'aws revoke' }],
      [{ do: 'set-parameter', add: 'the account', parameters: ['trustedAccounts'] }],
    ],
    says: 'Run `aws revoke`, or add the account to `trustedAccounts`.',
    inFile: 'Take the grant out of the file, or add the account to `trustedAccounts`.',
  },
  'look-at-grant': {
    remedy: step({ do: 'look-at-grant', command: 'aws kms list-grants' }),
    says: 'Look at the grant with `aws kms list-grants`.',
  },
  'edit-policy': { remedy: edit({ edit: 'make-valid' }), says: 'Fix it.' },
  'write-policy': {
    remedy: [
      [
        { do: 'edit-policy', edit: 'make-valid' },
        { do: 'write-policy', read: 'aws get', write: 'aws put' },
      ],
    ],
    says: 'Fix it: write it with `aws get`, an editor and `aws put`.',
    inFile: 'Fix it in the file.',
  },
  'set-property': {
    remedy: step({ do: 'set-property', address: 'Trail', property: 'TrailName', value: 'main' }),
    says: 'Set `TrailName` of `Trail` to `"main"`.',
  },
  'add-resource': {
    remedy: step({ do: 'add-resource', address: 'TrailKey', resource: { Type: 'AWS::KMS::Key' } }),
    says: 'Add the resource `TrailKey`: `{"Type":"AWS::KMS::Key"}`.',
  },
  'put-statement': {
    remedy: [
      [
        { do: 'put-statement', address: 'Key', statement: { Sid: 'S' }, inPlaceOf: null },
        { do: 'put-statement', address: 'Key', statement: { Sid: 'T' }, inPlaceOf: 'A' },
        { do: 'put-statement', address: 'Key', statement: null, inPlaceOf: '#1' },
      ],
    ],
    says: 'Add `{"Sid":"S"}` to the statements of `Key`, then put `{"Sid":"T"}` in place of statement `A` of `Key`, then take statement `#1` out of `Key`.',
  },
  repair: {
    remedy: [
      [
        { do: 'edit-policy', edit: 'make-valid' },
        { do: 'write-policy', read: 'aws get', write: 'aws put' },
        { do: 'repair', trailArn: TRAIL, plans: 'all' },
      ],
      [{ do: 'wait-for-key' }],
    ],
    says: `Fix it; \`cloudtrail-kms repair --trail ${TRAIL}\` plans the fix where one is proved; or wait until the key is created.`,
    inFile: 'Fix it in the file, or wait until the key is created.',
  },
  'separate-users': {
    remedy: [
      [
        { do: 'separate-users' },
        { do: 'edit-policy', edit: 'pin-to-trail', statements: ['A'], trailArn: TRAIL, isShared: false },
        { do: 'write-policy', read: 'aws get', write: 'aws put' },
      ],
    ],
    says: `Add \`"StringEquals":{"aws:SourceArn":"${TRAIL}"}\` to statement \`A\`: write it with \`aws get\`, an editor and \`aws put\`; first give an SNS topic or an event data store on this key a key of its own.`,
    inFile: `Add \`"StringEquals":{"aws:SourceArn":"${TRAIL}"}\` to statement \`A\` in the file; first give an SNS topic or an event data store on this key a key of its own.`,
  },
  'set-parameter': {
    remedy: [[setKey('approved')], [{ do: 'set-parameter', add: 'the key', parameters: ['allowedKmsKeys'] }]],
    says: 'Give the trail an approved key: `aws update`; or add the key to `allowedKmsKeys`.',
    inFile: 'Give the trail an approved key: set `KMSKeyId` of `Trail`; or add the key to `allowedKmsKeys`.',
  },
  'let-rule-read': {
    remedy: step({ do: 'let-rule-read' }),
    says: 'Let the rule read what it could not read, then evaluate again.',
    inFile: 'Settle what is open in the file, or check the trail with `cloudtrail-kms scan` once it is deployed.',
  },
  'lift-denial': {
    remedy: step({ do: 'lift-denial', of: 'scp' }),
    says: 'Exempt the reading role from the service control policy that denies it, in the management account or as its delegated administrator: no permission of the role helps, then evaluate again.',
  },
  'look-at': {
    remedy: step({ do: 'look-at', what: 'key, then bucket' }),
    says: 'Look at the findings about the key first; if all pass, allow CloudTrail by the bucket policy.',
  },
  'ask-support': {
    remedy: step({ do: 'ask-support' }),
    says: 'Ask AWS Support to give access to the key back; until then move the trail to another key and keep this one for the existing logs.',
  },
  settle: {
    remedy: step({ do: 'settle', by: ['parameter', 'account'] }),
    says: 'Give its value with `--template-parameters`. Give the account with `--account-id`.',
  },
};

/** One of each edit. */
export const EDITS: Readonly<Record<PolicyEdit['edit'], Example>> = {
  'exempt-services': {
    remedy: edit({ edit: 'exempt-services', statements: ['A', 'B'] }),
    says: 'Exempt AWS services from Deny statement `A`, `B` (`"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}`).',
  },
  'exempt-trail': {
    remedy: edit({ edit: 'exempt-trail', statements: ['A'], trailArn: TRAIL }),
    says: `Exempt the trail from Deny statement \`A\` (\`"StringNotEquals":{"aws:SourceArn":"${TRAIL}"}\`).`,
  },
  'exempt-in-resource-control-policy': {
    remedy: edit({ edit: 'exempt-in-resource-control-policy', statements: ['A'], exempts: 'trail', trailArn: TRAIL }),
    says: `In the resource control policy, in the management account or as its delegated administrator, exempt the trail (\`"StringNotEquals":{"aws:SourceArn":"${TRAIL}"}\`) from Deny statement \`A\`.`,
  },
  'add-statement': {
    remedy: edit({ edit: 'add-statement', statement: { Sid: 'S' }, statements: ['A'] }),
    says: 'Correct statement `A`, or add `{"Sid":"S"}` to the key policy.',
  },
  'replace-statement': {
    remedy: edit({ edit: 'replace-statement', statement: { Sid: 'S' }, statements: ['A'] }),
    says: 'Put `{"Sid":"S"}` in place of statement `A`.',
  },
  'make-writable': {
    remedy: edit({ edit: 'make-writable', statements: ['A'] }),
    says: 'Correct what KMS refuses in statement `A`.',
  },
  'allow-cloudtrail': {
    remedy: edit({ edit: 'allow-cloudtrail', action: 'kms:Decrypt' }),
    says: 'Allow `kms:Decrypt` to CloudTrail with `aws:SourceArn` equal to the ARN of the trail.',
  },
  'add-published-statement': {
    remedy: edit({ edit: 'add-published-statement' }),
    says: "Add AWS's statement for CloudTrail, with `aws:SourceArn` equal to the ARN of the trail: it does not depend on keys that nobody documents.",
  },
  'pin-to-trail': {
    remedy: edit({ edit: 'pin-to-trail', statements: ['A'], trailArn: TRAIL, isShared: true }),
    says: `Give CloudTrail a statement of its own with \`"StringEquals":{"aws:SourceArn":"${TRAIL}"}\`, and let statement \`A\` name the others alone: they carry no \`aws:SourceArn\`, so that condition would shut them out.`,
  },
  'name-trail': {
    remedy: edit({ edit: 'name-trail' }),
    says: 'Name the trail by `aws:SourceArn` in the statement for CloudTrail.',
  },
  'leave-needed-actions': {
    remedy: edit({ edit: 'leave-needed-actions', statements: ['A'], isShared: false }),
    says: 'Leave only `kms:GenerateDataKey*`, `kms:DescribeKey` and `kms:Decrypt` in statement `A`.',
  },
  'separate-cloudtrail': {
    remedy: edit({ edit: 'separate-cloudtrail' }),
    says: 'Give CloudTrail statements of its own, with the actions that it needs.',
  },
  'name-principals': {
    remedy: edit({ edit: 'name-principals', statements: ['A'], who: 'principals', conditionKeys: ['k:A', 'k:B'] }),
    says: 'Name the principals in statement `A`, or bind it with `k:A` or `k:B`.',
  },
  'bound-callers': {
    remedy: edit({ edit: 'bound-callers' }),
    says: 'Bind the statement with `kms:CallerAccount` or name its principals.',
  },
  'name-readers': {
    remedy: edit({ edit: 'name-readers' }),
    says: 'Name the reading roles as principals of the statement.',
  },
  'name-principals-of-account': {
    remedy: edit({ edit: 'name-principals-of-account' }),
    says: 'Name the principals of the account in the policy, or remove it.',
  },
  'remove-untrusted': {
    remedy: edit({ edit: 'remove-untrusted', statements: ['A'] }),
    says: 'Remove what is not trusted from statement `A`.',
  },
  'allow-readers': {
    remedy: edit({ edit: 'allow-readers' }),
    says: 'Add a statement that lets the reading roles use `kms:Decrypt`.',
  },
  'exempt-readers': {
    remedy: edit({ edit: 'exempt-readers', statements: ['No'] }),
    says: 'Exempt the readers from Deny statement `No`.',
  },
  'allow-administrator': {
    remedy: edit({ edit: 'allow-administrator' }),
    says: 'Give `kms:PutKeyPolicy` to a named administrator.',
  },
  'make-valid': { remedy: edit({ edit: 'make-valid' }), says: 'Fix it.' },
  'make-evaluable': {
    remedy: edit({ edit: 'make-evaluable' }),
    says: 'Fix the policy that cannot be evaluated, then evaluate again.',
  },
  'drop-inert': { remedy: edit({ edit: 'drop-inert' }), says: 'Fix or remove what has no effect.' },
};

export const EXAMPLES: readonly (readonly [string, Example])[] = [...Object.entries(STEPS), ...Object.entries(EDITS)];
