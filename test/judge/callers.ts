import { ABSENT, callerRequest, only, organization, paths, type Table } from './conditionKeys.ts';
import { condition, coverage, isIllFormed, list, type PolicyDocument } from './policyLanguage.ts';
import { insidersOf, keyPolicies, type Snapshot, trustedOrganizationsOf } from './snapshot.ts';
import { comparisonsOf, type Domain, like, variablesIn } from './worlds.ts';

/** One user, role or root, and what its requests carry. */
export interface Caller {
  readonly arn: string;
  readonly table: Table;
}

const policiesOf = (one: Snapshot): readonly PolicyDocument[] => [...keyPolicies(one), ...one.controls];

/** Everything that is written in principals, conditions and resources. */
const textOf = (one: Snapshot): string => JSON.stringify(policiesOf(one));

const writtenOrganizations = (one: Snapshot): readonly string[] => [
  ...new Set(
    textOf(one)
      .toLowerCase()
      .match(/(?<![a-z0-9-])o-[a-z0-9]{10,32}/g) ?? [],
  ),
];

/** An account that nobody names, and for patterns of account ids one that each takes in and one that none does. */
export function strangers(one: Snapshot): readonly string[] {
  const written = new Set([...(textOf(one).match(/(?<!\d)\d{12}(?!\d)/g) ?? []), ...insidersOf(one)]);
  const patterns = [...new Set(textOf(one).match(/(?<=[":])(?=[\d?*]*\d)(?=[\d?*]*[?*])[\d?*]+(?=[":])/g) ?? [])];
  const takes = (pattern: string, id: string) =>
    new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(id);
  const made = [...'9876543210'].flatMap((digit) => [
    digit.repeat(12),
    ...patterns.map((pattern) => {
      const [start = '', ...rest] = pattern.replaceAll('?', digit).split('*');
      const end = rest.join('');
      return rest.length === 0 ? start : start.padEnd(12 - end.length, digit) + end;
    }),
  ]);
  const free = made.filter((id) => /^\d{12}$/.test(id) && !written.has(id));
  const first = (test: (id: string) => boolean) => free.filter(test).slice(0, 1);
  return [
    ...new Set([
      ...first(() => true),
      ...patterns.flatMap((pattern) => first((id) => takes(pattern, id))),
      ...first((id) => !patterns.some((pattern) => takes(pattern, id))),
    ]),
  ];
}

const namedNetworks = (one: Snapshot): readonly string[] =>
  comparisonsOf(policiesOf(one)).flatMap(({ key, values }) => (/^aws:sourcevpce?$/.test(key) ? values : []));

/** The organization of a stranger: none, or one that nobody names or trusts. */
export function strangersOrganization(one: Snapshot): Domain {
  const known = [
    ...writtenOrganizations(one),
    ...trustedOrganizationsOf(one),
    one.keyOrganization ?? '',
    'o-thekeysown0',
  ];
  return { ...organization(undefined), seeds: ['o-strangersown'], not: known };
}

/** Networks that no policy names, by id or by whose they are. */
const unnamedNetworks = (one: Snapshot, account: string): Table => [
  ['aws:sourcevpc', { seeds: ['vpc-0unheardof'], fills: ['0unheardof'], not: namedNetworks(one) }],
  ['aws:sourcevpce', { seeds: ['vpce-0unheardof'], fills: ['0unheardof'], not: namedNetworks(one) }],
  [
    'aws:sourcevpcarn',
    {
      shape: new RegExp(`^arn:${one.partition}:ec2:[a-z0-9-]+:${account}:vpc/`),
      seeds: [`arn:${one.partition}:ec2:eu-west-1:${account}:vpc/vpc-0x`],
      fills: [account, 'eu-west-1', 'vpc/vpc-0x'],
    },
  ],
  ['aws:vpceaccount', { shape: /^\d{12}$/, seeds: [account, '565656565656'], not: [...namedAccounts(one)] }],
  ['aws:vpceorgid', strangersOrganization(one)],
  ['aws:vpceorgpaths', paths('o-strangersown')],
];

/** ARNs of principals of an account, as many as some policy tells apart. */
function arnsOf(one: Snapshot, account: string, tries: readonly string[]): readonly string[] {
  const { partition } = one;
  const at = `arn:${partition}:iam::${account}`;
  const shape = new RegExp(
    `^arn:${partition}:(iam::${account}:(user|role)/[^*?]+|iam::${account}:root|sts::${account}:federated-user/[^*?]+)$`,
  );
  const comparisons = comparisonsOf(policiesOf(one)).filter(({ key }) => key === 'aws:principalarn');
  const fills = [
    account,
    'user/x',
    'role/x',
    `${account}:role/x`,
    `${at}:role/x`,
    `${at}:user/`,
    'role/',
    'aws-reserved/x',
  ];
  const patterns = comparisons.flatMap(({ values }) => values).map((value) => value.replaceAll(/\$\{[^}]*\}/g, '*'));
  const candidates = [
    ...tries,
    ...patterns.flatMap((pattern) => like(pattern, fills)),
    `${at}:root`,
    `arn:${partition}:sts::${account}:federated-user/x`,
  ].filter((arn) => shape.test(arn));
  const first = new Map<string, string>();
  for (const arn of candidates) {
    const world = new Map([
      ['aws:principalarn', arn],
      ['aws:principalaccount', account],
      ['kms:calleraccount', account],
    ]);
    const compared = comparisons.map(({ policy, operator, key, values }) =>
      values.some((value) => variablesIn(value).length > 0) ? arn : condition(policy, operator, key, values, world),
    );
    const covered = policiesOf(one).flatMap(({ Statement }) =>
      Statement.map((statement) => coverage(statement, { aws: arn })),
    );
    const signature = [...compared, '|', ...covered].join();
    if (!first.has(signature)) first.set(signature, arn);
  }
  return [...first.values()];
}

const unheardOf = ({ partition }: Snapshot, account: string): readonly string[] =>
  ['user', 'role'].map((kind) => `arn:${partition}:iam::${account}:${kind}/unheard-of`);

const every = (one: Snapshot, account: string, arns: readonly string[], known: Table): readonly Caller[] =>
  arns.map((arn) => ({ arn, table: callerRequest(one, account, [['aws:principalarn', only(arn)], ...known]) }));

/** Whoever an account that nobody names may send. */
export const strangersOf = (one: Snapshot, account: string): readonly Caller[] =>
  every(one, account, arnsOf(one, account, unheardOf(one, account)), [
    ['aws:principalorgid', strangersOrganization(one)],
    ['aws:principalorgpaths', paths('o-strangersown')],
    ['aws:principalorgmasteraccountid', only('565656565656', null)],
    ...unnamedNetworks(one, account),
  ]);

/** The organization of an account's principals, as far as it is known. */
function ownOrganization(one: Snapshot, account: string): Table {
  const isKeys = account === insidersOf(one)[1];
  const id = isKeys ? one.keyOrganization : account === insidersOf(one)[0] ? one.trailOrganization : undefined;
  return membership(id);
}

const membership = (id: string | null | undefined, unit?: string): Table => [
  ['aws:principalorgid', id === undefined ? organization(undefined) : only(id)],
  [
    'aws:principalorgpaths',
    id === undefined ? paths(undefined, unit) : id === null ? ABSENT : { ...paths(id, unit), isAlwaysThere: true },
  ],
  ['aws:principalorgmasteraccountid', id === null ? ABSENT : { shape: /^\d{12}$/, seeds: ['565656565656'] }],
];

/** Whoever an account may send, the ones that a policy names included; its network is open. */
export function anybodyOf(one: Snapshot, account: string): readonly Caller[] {
  const arns = arnsOf(one, account, [
    ...unheardOf(one, account),
    ...namedArns(one).filter((arn) => arn.includes(`:${account}:`)),
  ]);
  return every(one, account, arns, ownOrganization(one, account));
}

/** The same, of an organization that is not among some. */
export const outsideOf = (callers: readonly Caller[], organizations: readonly string[]): readonly Caller[] =>
  callers.map(({ arn, table }) => ({
    arn,
    table: [['aws:principalorgid', { ...organization(undefined), not: organizations }], ...table],
  }));

/** A user and a role that nothing sets apart from the others of their account or organization. */
export function ordinary(one: Snapshot, account: string, known: Table): readonly Caller[] {
  return every(one, account, unheardOf(one, account), [
    ...known,
    ['aws:principaltag/*', ABSENT],
    ['aws:userid', only('AIDAORDINARY:unheard-of')],
    ['aws:username', only('unheard-of')],
    ...unnamedNetworks(one, account),
  ]);
}

export const ordinaryOfKeyAccount = (one: Snapshot): readonly Caller[] => {
  const account = insidersOf(one)[1] ?? '';
  return ordinary(one, account, ownOrganization(one, account));
};

const isForPrincipals = ({ Principal, NotPrincipal }: PolicyDocument['Statement'][number]): boolean => {
  if (Principal === undefined) return NotPrincipal !== undefined;
  return Principal === '*' || (typeof Principal === 'object' && list(Principal?.AWS).length > 0);
};

/** Comparisons in the statements that can cover users and roles. */
const comparisonsForPrincipals = (one: Snapshot) =>
  comparisonsOf(policiesOf(one).map((policy) => ({ ...policy, Statement: policy.Statement.filter(isForPrincipals) })));

const valuesOn = (one: Snapshot, key: RegExp): readonly string[] =>
  comparisonsForPrincipals(one)
    .filter((comparison) => key.test(comparison.key))
    .flatMap(({ values }) => values);

const elements = (one: Snapshot): readonly string[] =>
  policiesOf(one).flatMap(({ Statement }) =>
    Statement.filter((statement) => !(statement.Effect === 'Allow' && isIllFormed(statement))).flatMap(
      ({ Principal, NotPrincipal }) => {
        const element = Principal ?? NotPrincipal;
        return typeof element === 'object' && element !== null ? list(element.AWS) : [];
      },
    ),
  );

/** Users, roles and roots by name. */
const namedArns = (one: Snapshot): readonly string[] =>
  [...elements(one), ...valuesOn(one, /^aws:principalarn$/)].filter((text) => /^arn:[^*?$]*$/.test(text));

/** Accounts that statements for users and roles name. */
export function namedAccounts(one: Snapshot): readonly string[] {
  const conditions = valuesOn(
    one,
    /^(kms:calleraccount|aws:principalaccount|aws:principalarn|aws:vpceaccount|aws:sourcevpcarn)$/,
  );
  return [
    ...new Set(
      [...elements(one), ...conditions].flatMap(
        (text) => /^(\d{12})$|^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(text)?.slice(1).filter(Boolean) ?? [],
      ),
    ),
  ];
}

/** Principals that a policy names together. */
export interface Crowd {
  /** `undefined` where nobody knows. */
  readonly isTrusted: boolean | undefined;
  readonly ordinary: readonly Caller[];
  readonly any: readonly Caller[];
}

/**
 * A member of an organization that nothing sets apart is in no unit that a policy names: a unit is a bound. Its root may
 * be one that a policy names, for that is the whole organization.
 */
function ordinaryMember(one: Snapshot, id: string): Table {
  const roots = [...new Set(['r-judg', ...(textOf(one).match(/r-[a-z0-9]{4,}(?=\/)/g) ?? [])])];
  const path: Domain = { values: roots.map((root) => [`${id}/${root}/ou-judg-unnamed0/`]) };
  return [['aws:principalorgpaths', path], ...membership(id)];
}

export function crowds(one: Snapshot): readonly Crowd[] {
  const [account = ''] = strangers(one);
  const trusted = trustedOrganizationsOf(one);
  const organizations = (key: RegExp) => [
    ...new Set(
      valuesOn(one, key).flatMap((text) => text.match(/(?<![a-z0-9-])o-[a-z0-9]+|\$\{aws:ResourceOrgID\}/gi) ?? []),
    ),
  ];
  const identified = (name: string): string | null | undefined => (name.startsWith('$') ? one.keyOrganization : name);
  const trust = (id: string | undefined) => (id === undefined ? undefined : trusted.includes(id));
  const members = organizations(/^aws:principalorg(id|paths)$/).flatMap((name): readonly Crowd[] => {
    const id = identified(name);
    if (id === null) return [];
    const known = membership(id ?? 'o-thekeysown0');
    return [
      {
        isTrusted: trust(id),
        ordinary: ordinary(one, account, ordinaryMember(one, id ?? 'o-thekeysown0')),
        any: every(one, account, arnsOf(one, account, unheardOf(one, account)), known),
      },
    ];
  });
  const behind = organizations(/^aws:vpceorg(id|paths)$/).flatMap((name): readonly Crowd[] => {
    const id = identified(name);
    if (id === null) return [];
    const endpoint: Table = [
      ['aws:vpceorgid', only(id ?? 'o-thekeysown0')],
      ['aws:vpceorgpaths', { ...paths(id ?? 'o-thekeysown0'), isAlwaysThere: true }],
    ];
    const any = strangersOf(one, account).map(({ arn, table }) => ({ arn, table: [...endpoint, ...table] }));
    return [{ isTrusted: trust(id), ordinary: any, any }];
  });
  const managed = [
    ...new Set(valuesOn(one, /^aws:principalorgmasteraccountid$/).filter((text) => /^\d{12}$/.test(text))),
  ].map((manager): Crowd => {
    const known: Table = [
      ['aws:principalorgmasteraccountid', only(manager)],
      ['aws:principalorgid', organization(undefined)],
      ['aws:principalorgpaths', paths(undefined)],
    ];
    return {
      isTrusted: insidersOf(one).includes(manager),
      ordinary: ordinary(one, account, known),
      any: every(one, account, arnsOf(one, account, unheardOf(one, account)), known),
    };
  });
  return [...members, ...behind, ...managed];
}
