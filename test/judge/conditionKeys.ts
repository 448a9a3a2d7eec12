import { AS_OF, accountOf, BUCKET, keyPolicies, regionOf, SERVICE, type Snapshot } from './snapshot.ts';
import { comparisonsOf, type Domain } from './worlds.ts';

/**
 * Which request carries which condition key, written from the IAM User Guide's page on global condition keys, the KMS
 * Developer Guide's on KMS condition keys and CloudTrail's documentation. What no line names is open.
 */

const WITH_CONTEXT = [
  'CreateGrant',
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'RetireGrant',
];
const CIPHER = WITH_CONTEXT.filter((name) => !name.endsWith('Grant'));

/** Keys that only some operations carry; a name that ends with `*` is the start of a name. */
const OPERATIONS: readonly (readonly [string, readonly string[]])[] = [
  ['kms:encryptioncontext*', WITH_CONTEXT],
  ['kms:encryptionalgorithm', CIPHER],
  [
    'kms:requestalias',
    [...CIPHER, 'DeriveSharedSecret', 'DescribeKey', 'GenerateMac', 'GetPublicKey', 'Sign', 'Verify', 'VerifyMac'],
  ],
  ['kms:grantisforawsresource', ['CreateGrant', 'ListGrants', 'RevokeGrant']],
  ['kms:grantconstrainttype', ['CreateGrant', 'RetireGrant']],
  ['kms:grantconstraintsourcearn', ['CreateGrant']],
  ['kms:granteeprincipal', ['CreateGrant']],
  ['kms:granteeserviceprincipal', ['CreateGrant']],
  ['kms:retiringprincipal', ['CreateGrant']],
  ['kms:retiringserviceprincipal', ['CreateGrant']],
  ['kms:trailingdayswithoutkeyusage', ['DisableKey', 'ScheduleKeyDeletion']],
  ['kms:grantoperations', ['CreateGrant']],
  ['kms:bypasspolicylockoutsafetycheck', ['PutKeyPolicy']],
  ['kms:policyname', ['PutKeyPolicy', 'GetKeyPolicy']],
  ['kms:schedulekeydeletionpendingwindowindays', ['ScheduleKeyDeletion']],
  ['kms:reencryptonsamekey', ['ReEncryptFrom', 'ReEncryptTo']],
  ['kms:recipientattestation*', ['Decrypt', 'DeriveSharedSecret', 'GenerateDataKey', 'GenerateDataKeyPair']],
  ['kms:replicaregion', ['ReplicateKey']],
  ['kms:primaryregion', ['UpdatePrimaryRegion']],
];

const find = <T>(table: readonly (readonly [string, T])[], key: string): T | undefined =>
  table.find(([name]) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : name === key))?.[1];

/** Which of some keys an operation carries: operations with the same answer differ in nothing else. */
export const carries = (key: string, action: string): boolean =>
  find(OPERATIONS, key)?.includes(action.replace('kms:', '')) !== false;

export type Table = readonly (readonly [string, Domain])[];

export const only = (...values: NonNullable<Domain['values']>): Domain => ({ values });
export const ABSENT = only(null);
export const OPEN: Domain = {};
const TRUE_OR_FALSE: Domain = { values: ['true', 'false', null] };
const ACCOUNT: Domain = { shape: /^\d{12}$/, seeds: ['424242424242'], fills: ['4242', '42424242424', '424242424242'] };

/** An organization's id, or its absence; `undefined`: nobody knows which. */
export const organization = (id: string | null | undefined, isAlwaysThere = false): Domain => {
  if (id === null) return ABSENT;
  if (id !== undefined) return { values: isAlwaysThere ? [id] : [id, null] };
  return { shape: /^o-[a-z0-9]{10,32}$/, seeds: ['o-somebodys00'], fills: ['abcdefghij', 'o-abcdefghij'] };
};

/** Paths in an organization: a list of one. */
export const paths = (id: string | null | undefined, unit = 'r-judg/ou-judg-unnamed0'): Domain => {
  if (id === null) return ABSENT;
  const known = id ?? 'o-somebodys00';
  return {
    shape: new RegExp(`^${id ?? 'o-[a-z0-9]{10,32}'}/[a-z0-9/-]*$`),
    seeds: [`${known}/${unit}/`],
    fills: [`${unit}/`, `${known}/${unit}/`, 'ou-judg-x/'],
  };
};

/** What is the same for whoever asks. */
const ofEverybody = (one: Snapshot): Table => [
  ['aws:currenttime', only(AS_OF)],
  ['aws:epochtime', only(String(Date.parse(AS_OF) / 1000))],
  ['aws:securetransport', only('true')],
  ['aws:requestedregion', only(regionOf(one.keyArn))],
  ['aws:resourceaccount', only(accountOf(one.keyArn))],
  [
    'kms:viaservice',
    {
      shape: /^[a-z0-9-]+\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/,
      seeds: ['unheardof.eu-west-1.amazonaws.com'],
      fills: ['s3', 'us-east-1', 's3.us-east-1', 's3.us-east-1.amazonaws.com', '.us-east-1.amazonaws.com'],
    },
  ],
  ['kms:keyspec', only('SYMMETRIC_DEFAULT')],
  ['kms:customermasterkeyspec', only('SYMMETRIC_DEFAULT')],
  ['kms:keyusage', only('ENCRYPT_DECRYPT')],
  ['kms:keyorigin', only('AWS_KMS')],
  ['kms:multiregion', only(String(one.isMultiRegionKey))],
  ['kms:multiregionkeytype', one.isMultiRegionKey ? { values: ['PRIMARY', 'REPLICA', null] } : ABSENT],
  ['kms:resourcealiases', only(one.aliases.length === 0 ? null : one.aliases)],
  ['kms:encryptionalgorithm', only('SYMMETRIC_DEFAULT')],
  ['kms:policyname', only('default', 'AWS_RAM')],
  ['kms:bypasspolicylockoutsafetycheck', TRUE_OR_FALSE],
  ['kms:grantisforawsresource', TRUE_OR_FALSE],
  ['kms:reencryptonsamekey', TRUE_OR_FALSE],
  ['kms:requestalias', { shape: /^alias\//, seeds: ['alias/unheard-of'], fills: ['alias/x'] }],
  ['aws:sourceip', { seeds: ['203.0.113.77', '10.11.12.13', '2001:db8::77'], shape: /^[\d.]+$|:/ }],
  ['aws:vpcsourceip', { seeds: ['203.0.113.77', '10.11.12.13'], shape: /^[\d.]+$|:/ }],
];

/** CloudTrail's own requests, for a trail. */
const ofCloudTrail = (one: Snapshot): Table => [
  ['aws:principalisawsservice', only('true')],
  ['aws:principalservicename', only(SERVICE)],
  ['aws:principalservicenameslist', { values: [[SERVICE], [SERVICE, 'cloudtrail.us-east-1.amazonaws.com']] }],
  ['aws:principalaccount', ACCOUNT],
  ['kms:calleraccount', ACCOUNT],
  ...[
    'aws:principalorgid',
    'aws:principalorgpaths',
    'aws:principaltag/*',
    'aws:multifactorauth*',
    'aws:sourcevpc*',
    'aws:vpce*',
    'aws:vpcsourceip',
  ].map((name) => [name, ABSENT] as const),
  ['aws:resourceorgid', organization(one.keyOrganization, true)],
  ['aws:resourceorgpaths', paths(one.keyOrganization)],
  ['kms:encryptioncontextkeys', only(['aws:cloudtrail:arn', 'aws:s3:arn'])],
];

export const trailRequest = (one: Snapshot, s3Arn: Domain): Table => [
  ['aws:sourcearn', only(one.trailArn)],
  ['aws:sourceaccount', only(accountOf(one.trailArn))],
  ['aws:sourceorgid', organization(one.trailOrganization)],
  ['aws:sourceorgpaths', paths(one.trailOrganization)],
  ['kms:encryptioncontext:aws:cloudtrail:arn', only(one.trailArn)],
  ['kms:encryptioncontext:aws:s3:arn', s3Arn],
  ['kms:encryptioncontext:*', ABSENT],
  ...ofCloudTrail(one),
  ...ofEverybody(one),
];

/** Where nobody knows the key's organization it is none of a stranger's, unless a policy compares it with one by its id. */
function keysOrganization(one: Snapshot): Domain {
  if (one.keyOrganization !== undefined) return organization(one.keyOrganization, true);
  const compared = comparisonsOf([...keyPolicies(one), ...one.controls]).filter(
    ({ key }) => key === 'aws:resourceorgid',
  );
  return compared.some(({ values }) => values.some((value) => !value.includes('${')))
    ? organization(undefined)
    : only('o-thekeysown0');
}

/** The same for any trail of another account, whose organization is none that anybody named. */
export function foreignTrailRequest(one: Snapshot, account: string, strangersOrganization: Domain): Table {
  const trail: Domain = {
    shape: new RegExp(`^arn:${one.partition}:cloudtrail:[a-z0-9-]+:${account}:trail/[A-Za-z0-9._-]+$`),
    seeds: [`arn:${one.partition}:cloudtrail:eu-west-1:${account}:trail/unheard-of`],
    fills: [
      account,
      'eu-west-1',
      'trail/x',
      `eu-west-1:${account}:trail/x`,
      `arn:${one.partition}:cloudtrail:eu-west-1:${account}:trail/x`,
    ],
    isAlwaysThere: true,
  };
  return [
    ['aws:sourcearn', trail],
    ['kms:encryptioncontext:aws:cloudtrail:arn', trail],
    ['aws:sourceaccount', only(account)],
    ['aws:sourceorgid', strangersOrganization],
    ['aws:sourceorgpaths', paths('o-strangersown')],
    [
      'kms:encryptioncontext:aws:s3:arn',
      {
        seeds: [`arn:${one.partition}:s3:::elsewhere/AWSLogs/${account}/CloudTrail/x`],
        fills: ['elsewhere', `${account}/CloudTrail/x`],
      },
    ],
    ['kms:encryptioncontext:*', ABSENT],
    ['aws:resourceorgid', keysOrganization(one)],
    ...ofCloudTrail(one),
    ...ofEverybody(one),
  ];
}

/** Requests of users and roles; what is known of the caller comes first. */
export const callerRequest = (one: Snapshot, account: string, known: Table): Table => [
  ...known,
  ['aws:principalisawsservice', only('false')],
  ['aws:principalaccount', only(account)],
  ['kms:calleraccount', only(account)],
  ...['aws:principalservicename*', 'aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorg*'].map(
    (name) => [name, ABSENT] as const,
  ),
  ['aws:multifactorauthpresent', TRUE_OR_FALSE],
  ['aws:resourceorgid', keysOrganization(one)],
  ['aws:resourceorgpaths', paths(one.keyOrganization)],
  ...ofEverybody(one),
];

/** Of a key that an operation does not carry nothing; of a key that no line names anything. */
export const domainIn =
  (table: Table, action: string) =>
  (key: string): Domain =>
    carries(key, action) ? (find(table, key) ?? OPEN) : ABSENT;

/** Places of the files in a bucket, by their folder; `null` for the account's folder alone. */
export function filePaths(one: Snapshot, folder: string | null): Domain {
  const base = `arn:${one.partition}:s3:::${BUCKET}/${one.keyPrefix ? `${one.keyPrefix}/` : ''}AWSLogs/`;
  const organizationOf = one.trailOrganization ?? null;
  const owners = one.isOrganization
    ? ['123123123123', accountOf(one.trailArn)].map((account) => `${organizationOf ?? 'o-somebodys00'}/${account}`)
    : [accountOf(one.trailArn)];
  const ends =
    folder === null
      ? ['']
      : ['eu-west-1', regionOf(one.trailArn)].map((region) => `${folder}/${region}/2026/11/20/a_b.json.gz`);
  const usable = one.isMultiRegion || folder === null ? ends : ends.slice(1);
  const seeds = owners.flatMap((owner) => usable.map((end) => `${base}${owner}/${end}`));
  const organizationShape = organizationOf ?? 'o-[a-z0-9]{10,32}';
  const owner = one.isOrganization ? `${organizationShape}/\\d{12}` : accountOf(one.trailArn);
  const region = one.isMultiRegion ? '[a-z]{2}(-[a-z]+)+-\\d' : regionOf(one.trailArn);
  const shape = new RegExp(
    `^${base}${owner}/${folder === null ? '' : `${folder}/${region}/\\d{4}/\\d\\d/\\d\\d/[^/]+\\.json\\.gz`}$`,
  );
  const fills = seeds.flatMap((seed) =>
    [...seed.matchAll(/[/:]/g)].flatMap(({ index }) => [seed.slice(index + 1), seed.slice(0, index)]),
  );
  return { seeds, shape, fills: [...new Set(fills)].slice(0, 40), isAlwaysThere: true };
}

export const bucketArn = ({ partition }: Snapshot): string => `arn:${partition}:s3:::${BUCKET}`;
