import {
  anybodyOf,
  type Caller,
  crowds,
  namedAccounts,
  ordinaryOfKeyAccount,
  outsideOf,
  strangers,
  strangersOf,
  strangersOrganization,
} from './callers.ts';
import {
  bucketArn,
  carries,
  domainIn,
  filePaths,
  foreignTrailRequest,
  only,
  type Table,
  trailRequest,
} from './conditionKeys.ts';
import { beneficiary, grantStatements } from './grants.ts';
import { coverage, isIllFormed, speaksOf } from './policyLanguage.ts';
import { accountOf, insidersOf, keyPolicies, SERVICE, type Snapshot, trustedOrganizationsOf } from './snapshot.ts';
import { comparisonsOf, type Domain, type Policies, tryWorlds, variablesIn } from './worlds.ts';

export type Status = 'pass' | 'fail' | 'unknown' | 'not-applicable';

export interface Judgement {
  readonly status: Status;
  /** The list of worlds was tried to its end, or a world settles it. */
  readonly isSure: boolean;
  readonly why: string;
}

const uses = [
  'Decrypt',
  'CreateGrant',
  'ReEncryptFrom',
  'ReEncryptTo',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'RevokeGrant',
  'RetireGrant',
  'DeriveSharedSecret',
  'Encapsulate',
  'Decapsulate',
  'Sign',
  'Verify',
  'GenerateMac',
  'VerifyMac',
].map((name) => `kms:${name}`);
const reads = ['DescribeKey', 'ListGrants', 'GetKeyRotationStatus', 'GetPublicKey'].map((name) => `kms:${name}`);
const ownReads = ['GetKeyPolicy', 'ListKeyPolicies', 'ListResourceTags', 'ListKeyRotations', 'GetKeyLastUsage'].map(
  (name) => `kms:${name}`,
);
const management = [
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
  'DisableKey',
  'EnableKey',
  'DeleteImportedKeyMaterial',
  'ImportKeyMaterial',
  'GetParametersForImport',
  'UpdatePrimaryRegion',
  'ReplicateKey',
  'SynchronizeMultiRegionKey',
  'EnableKeyRotation',
  'DisableKeyRotation',
  'RotateKeyOnDemand',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
].map((name) => `kms:${name}`);
const aliases = ['CreateAlias', 'UpdateAlias', 'DeleteAlias'].map((name) => `kms:${name}`);
const everyAction = [...uses, ...reads, ...ownReads, ...management, ...aliases];

const policiesOf = (one: Snapshot): Policies => ({ key: keyPolicies(one), controls: one.controls });

const STATUS_OF_SERVICE = { true: 'pass', false: 'fail', open: 'unknown' } as const;

/** What CloudTrail is told, over every world. */
function service(one: Snapshot, action: string, s3Arn: Domain, policies = policiesOf(one)): Judgement {
  const found = tryWorlds(
    policies,
    {
      principal: { service: SERVICE },
      action,
      resource: one.keyArn,
      domainOf: domainIn(trailRequest(one, s3Arn), action),
    },
    false,
  );
  const [first] = found.truths;
  if (found.truths.size !== 1) return { status: 'unknown', isSure: true, why: `${action} in some worlds` };
  return { status: STATUS_OF_SERVICE[`${first ?? false}`], isSure: !found.isPartial, why: `${action} ${first}` };
}

/** The worst of several, where a failure is certain by itself. */
function together(all: readonly Judgement[]): Judgement {
  const failed = all.find(({ status }) => status === 'fail');
  const open = all.find(({ status }) => status === 'unknown');
  const worst = failed ?? open ?? all[0] ?? { status: 'pass', isSure: true, why: 'nothing is asked' };
  return { ...worst, isSure: failed?.isSure ?? all.every(({ isSure }) => isSure) };
}

/** A request that no statement allows and a grant would is open: nobody documents that CloudTrail's requests use grants. */
function serviceOrGrant(one: Snapshot, ask: (policies: Policies) => Judgement): Judgement {
  const own = policiesOf(one);
  const plain = ask(own);
  const given = one.grants.filter(({ GranteePrincipal }) => GranteePrincipal === SERVICE);
  if (plain.status !== 'fail' || given.length === 0) return plain;
  const granted = ask({ ...own, key: [...own.key, grantStatements(given)] });
  return granted.status === 'fail' ? plain : { status: 'unknown', isSure: granted.isSure, why: 'a grant' };
}

const withBucketKey = (one: Snapshot, files: Domain): Domain => {
  if (!one.bucketKey) return files;
  const { shape } = files;
  return {
    ...files,
    seeds: [...(files.seeds ?? []), bucketArn(one)],
    shape: new RegExp(`${shape?.source}|^${bucketArn(one)}$`),
  };
};

function canEncrypt(one: Snapshot): Judgement {
  const folders = [
    'CloudTrail',
    ...(one.logFileValidation ? ['CloudTrail-Digest'] : []),
    ...(one.insights ? ['CloudTrail-Insight'] : []),
  ];
  return serviceOrGrant(one, (policies) =>
    together(
      folders.map((folder) =>
        service(one, 'kms:GenerateDataKey', withBucketKey(one, filePaths(one, folder)), policies),
      ),
    ),
  );
}

function updatable(one: Snapshot): Judgement {
  const { partition } = one;
  const [folder] = filePaths(one, null).seeds ?? [];
  const account = accountOf(one.trailArn);
  const base = folder?.split('AWSLogs/')[0] ?? `arn:${partition}:s3:::`;
  const files = filePaths(one, 'CloudTrail');
  const probe: Domain = {
    ...files,
    seeds: [`${base}AWSLogs/${account}/`, ...(files.seeds ?? [])],
    shape: new RegExp(`${files.shape?.source}|^${base}AWSLogs/${account}/$`),
  };
  return serviceOrGrant(one, (policies) => service(one, 'kms:GenerateDataKey', probe, policies));
}

const NOWHERE = only(null);
const canDescribe = (one: Snapshot) =>
  serviceOrGrant(one, (policies) => service(one, 'kms:DescribeKey', NOWHERE, policies));
const canDecrypt = (one: Snapshot): Judgement =>
  one.bucketKey
    ? serviceOrGrant(one, (policies) => service(one, 'kms:Decrypt', only(bucketArn(one)), policies))
    : { status: 'not-applicable', isSure: true, why: '' };

/** An `AWS: *` with conditions is meant for users and roles: nobody gives CloudTrail something by it. */
function leastPrivilege(one: Snapshot): Judgement {
  const excess = everyAction.filter((action) => !/^kms:(GenerateDataKey.*|DescribeKey|Decrypt)$/.test(action));
  const meant = excess.filter((action) =>
    keyPolicies(one).some(({ Statement }) =>
      Statement.some((statement) => {
        if (statement.Effect !== 'Allow' || isIllFormed(statement) || !speaksOf(statement, action)) return false;
        const covered = coverage(statement, { service: SERVICE });
        return covered === 'open'
          ? Object.keys(statement.Condition ?? {}).length === 0 || statement.Principal === undefined
          : covered !== false;
      }),
    ),
  );
  const all = alike(one, meant).map((action) => service(one, action, {}));
  const given = all.find(({ status }) => status === 'pass');
  if (given !== undefined) return { status: 'fail', isSure: given.isSure, why: given.why };
  return together(all.map((answer) => (answer.status === 'fail' ? { ...answer, status: 'pass' } : answer)));
}

/** The first of the actions that statements and condition keys treat alike. */
function alike(one: Snapshot, actions: readonly string[]): readonly string[] {
  const all = [...keyPolicies(one), ...one.controls];
  const keys = [...new Set(comparisonsOf(all).flatMap(({ key, values }) => [key, ...values.flatMap(variablesIn)]))];
  const seen = new Set<string>();
  return actions.filter((action) => {
    const kind = [
      ...all.flatMap(({ Statement }) => Statement.map((statement) => speaksOf(statement, action))),
      ...keys.map((key) => carries(key, action)),
    ].join();
    return !seen.has(kind) && seen.add(kind);
  });
}

type Possible = { readonly is: 'yes' | 'no' | 'open'; readonly isSure: boolean; readonly why: string };

/** Whether one of several callers may take one of several actions in some world. */
function possible(one: Snapshot, callers: readonly Caller[], actions: readonly string[], directly = false): Possible {
  let is: Possible = { is: 'no', isSure: true, why: '' };
  for (const { arn, table } of callers)
    for (const action of alike(one, actions)) {
      const found = tryWorlds(
        policiesOf(one),
        { principal: { aws: arn }, action, resource: one.keyArn, domainOf: domainIn(table, action), directly },
        true,
      );
      const why = `${arn} ${action} ${JSON.stringify(Object.fromEntries(found.witness ?? []))}`;
      if (found.witness !== null) return { is: 'yes', isSure: true, why };
      if (found.truths.has('open')) is = { is: 'open', isSure: is.isSure && !found.isPartial, why };
      else if (found.isPartial) is = { ...is, isSure: false };
    }
  return is;
}

const mustNot = ({ is, ...rest }: Possible): Judgement => ({
  ...rest,
  status: ({ yes: 'fail', no: 'pass', open: 'unknown' } as const)[is],
});
const must = ({ is, ...rest }: Possible): Judgement => ({
  ...rest,
  status: ({ yes: 'pass', no: 'fail', open: 'unknown' } as const)[is],
});

function otherTrails(one: Snapshot): Judgement {
  const ask = (policies: Policies, account: string): Possible => {
    const found = tryWorlds(
      policies,
      {
        principal: { service: SERVICE },
        action: 'kms:GenerateDataKey',
        resource: one.keyArn,
        domainOf: domainIn(foreignTrailRequest(one, account, strangersOrganization(one)), 'kms:GenerateDataKey'),
        tied: ['aws:sourcearn', 'kms:encryptioncontext:aws:cloudtrail:arn'],
      },
      true,
    );
    const is = found.witness !== null ? 'yes' : found.truths.has('open') ? 'open' : 'no';
    return {
      is,
      isSure: is === 'yes' || !found.isPartial,
      why: `${account} ${JSON.stringify(Object.fromEntries(found.witness ?? []))}`,
    };
  };
  const own = policiesOf(one);
  const byPolicy = together(strangers(one).map((account) => mustNot(ask(own, account))));
  if (byPolicy.status === 'fail') return byPolicy;
  const byGrant = one.grants
    .filter(({ GranteePrincipal }) => GranteePrincipal === SERVICE)
    .map((grant) => {
      const source = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(grant.SourceArn ?? '')?.[1];
      const accounts = [
        ...strangers(one),
        ...(source !== undefined && !insidersOf(one).includes(source) ? [source] : []),
      ];
      const answers = together(
        accounts.map((account) => mustNot(ask({ ...own, key: [...own.key, grantStatements([grant])] }, account))),
      );
      return answers.status === 'fail' && grant.Strange !== undefined
        ? { ...answers, status: 'unknown' as const }
        : answers;
    });
  return together([byPolicy, ...byGrant]);
}

/** The roots of other accounts and everybody else whom a statement names. */
const named = (one: Snapshot): readonly Caller[] =>
  [...new Set([...insidersOf(one).slice(0, 2), ...namedAccounts(one)])].flatMap((account) => anybodyOf(one, account));

const ALL_UNREAD: Judgement = { status: 'unknown', isSure: true, why: 'AWS_RAM was not read' };
const everyPolicy = (one: Snapshot, judged: Judgement): Judgement =>
  judged.status === 'pass' && one.ramPolicy === undefined ? ALL_UNREAD : judged;

function namedTrusted(one: Snapshot): Judgement {
  if (one.trustedAccounts.length === 0 && one.trustedOrganizations === null)
    return { status: 'not-applicable', isSure: true, why: '' };
  const inside = insidersOf(one);
  const accounts = namedAccounts(one).filter((account) => !inside.includes(account));
  const judged = together([
    ...accounts.map((account) =>
      mustNot(possible(one, outsideOf(anybodyOf(one, account), trustedOrganizationsOf(one)), everyAction)),
    ),
    ...crowds(one)
      .filter(({ isTrusted }) => isTrusted !== true)
      .map(
        ({ isTrusted, any }): Judgement =>
          isTrusted === undefined
            ? { status: 'unknown', isSure: true, why: 'the organization is not known' }
            : mustNot(possible(one, any, everyAction)),
      ),
  ]);
  return everyPolicy(one, judged);
}

function readersBounded(one: Snapshot): Judgement {
  const all = [
    ...crowds(one).map((crowd) => crowd.ordinary),
    ...strangers(one).map((account) => strangersOf(one, account)),
  ];
  return everyPolicy(one, together(all.map((callers) => mustNot(possible(one, callers, ['kms:Decrypt'])))));
}

/** A log's encryption context names this trail; whom no statement lets decrypt it, a grant may. */
function readersCanDecrypt(one: Snapshot): Judgement {
  const log: Table = [['kms:encryptioncontext:aws:cloudtrail:arn', only(one.trailArn)]];
  const reading = (callers: readonly Caller[], known: Table) =>
    callers.map(({ arn, table }) => ({ arn, table: [...known, ...table] }));
  const everybody = [...named(one), ...crowds(one).flatMap(({ any }) => any)];
  const byPolicy = must(possible(one, reading(everybody, log), ['kms:Decrypt']));
  if (byPolicy.status === 'pass') return byPolicy;
  const whole: Table = [...log, ['kms:encryptioncontextkeys', only(['aws:cloudtrail:arn', 'aws:s3:arn'])]];
  const granted = one.grants.flatMap((grant): readonly Judgement[] => {
    const account = /^(\d{12})$|^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(grant.GranteePrincipal)?.slice(1).find(Boolean);
    if (account === undefined) return [];
    const Statement = [...one.policy.Statement, ...grantStatements([grant]).Statement];
    const withGrant = { ...one, policy: { ...one.policy, Statement } };
    const root = `arn:${one.partition}:iam::${account}:root`;
    const grantee = grant.GranteePrincipal === account ? root : grant.GranteePrincipal;
    const callers = anybodyOf(withGrant, account).filter(({ arn }) => arn === grantee);
    const judged = must(possible(withGrant, reading(callers, whole), ['kms:Decrypt']));
    return [judged.status === 'pass' && grant.Strange !== undefined ? { ...judged, status: 'unknown' } : judged];
  });
  return (
    granted.find(({ status }) => status === 'pass') ?? granted.find(({ status }) => status === 'unknown') ?? byPolicy
  );
}

const ofStrangers = (one: Snapshot, actions: readonly string[]) =>
  together(strangers(one).map((account) => mustNot(possible(one, strangersOf(one, account), actions))));

const ofOwn = (one: Snapshot, actions: readonly string[]) =>
  mustNot(possible(one, ordinaryOfKeyAccount(one), actions, true));

function grantsBounded(one: Snapshot): Judgement {
  const inside = insidersOf(one);
  return together(
    one.grants
      .filter(({ Operations }) => Operations.some((name) => /^(Decrypt|ReEncryptFrom|CreateGrant)$/.test(name)))
      .map(
        (grant): Judgement => ({
          status: ({ inside: 'pass', outside: 'fail', open: 'unknown' } as const)[beneficiary(grant, inside)],
          isSure: true,
          why: grant.GrantId,
        }),
      ),
  );
}

export const JUDGED = {
  'cloudtrail-can-encrypt': canEncrypt,
  'trail-updatable': updatable,
  'cloudtrail-can-describe': canDescribe,
  'cloudtrail-can-decrypt': canDecrypt,
  'other-trails-excluded': otherTrails,
  'public-excluded': (one) => ofStrangers(one, uses),
  'administration-bounded': (one) => ofOwn(one, management),
  'public-metadata-excluded': (one) => together([ofStrangers(one, reads), ofOwn(one, ownReads)]),
  'readers-bounded': readersBounded,
  'named-accounts-trusted': namedTrusted,
  'grants-bounded': grantsBounded,
  'readers-can-decrypt': readersCanDecrypt,
  'key-administrable': (one) => must(possible(one, anybodyOf(one, accountOf(one.keyArn)), ['kms:PutKeyPolicy'])),
  'service-least-privilege': leastPrivilege,
} as const satisfies Record<string, (one: Snapshot) => Judgement>;

export type JudgedCheck = keyof typeof JUDGED;
