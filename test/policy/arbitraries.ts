import fc from 'fast-check';
import { type AccessRequest, type KeyState, present, unknown } from '../../src/policy/request.ts';
import type { PolicyDocument, ReferenceWorld, StatementDocument, Value } from './reference.ts';

/**
 * Policies and requests over small alphabets, so that statements meet the same keys and patterns overlap. A condition
 * key's name begins with what its values are.
 */

export const SERVICE = 'cloudtrail.amazonaws.com';
export const ROLE = 'arn:aws:iam::111111111111:role/r';
export const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/k';

const listOf = <T>(one: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength: 1, maxLength: most });

export const textOver = (characters: string, most: number, least = 0): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: least, maxLength: most });

const arnOver = (characters: string): fc.Arbitrary<string> =>
  fc
    .tuple(textOver(characters, 2), textOver(`${characters}:`, 3))
    .map(([account, name]) => `arn:p:s:r:${account}:${name}`);

const NUMBERS = ['0', '1', '2', '2.5', '10'];
const DATES = ['2026-01-01', '2026-01-01T00:00:01Z', '2026-06-30T12:00:00Z', '2027-01-01'];
const BLOCKS = ['10.0.0.0/8', '10.0.0.0/30', '10.0.0.1', '10.0.0.2/31', '0.0.0.0/0', '::/0'];

interface Kind {
  readonly operators: readonly string[];
  readonly values: fc.Arbitrary<string>;
  /** What a request's key may hold. */
  readonly actual: fc.Arbitrary<string>;
}

const ordered = (prefix: string): string[] =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (comparison) => `${prefix}${comparison}`,
  );

const TEXT: Kind = {
  operators: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
    'BinaryEquals',
  ],
  values: textOver('abA*?', 4, 1),
  actual: textOver('abAc', 4, 1),
};

export const KINDS: Readonly<Record<string, Kind>> = {
  text: TEXT,
  arn: {
    operators: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'StringLike', 'StringNotEquals'],
    values: arnOver('ab*?'),
    actual: fc.oneof(arnOver('ab'), textOver('ab:', 7, 1)),
  },
  number: {
    operators: ordered('Numeric'),
    values: fc.constantFrom(...NUMBERS),
    actual: fc.constantFrom(...NUMBERS, '-1', '1.5', '3', '11'),
  },
  date: {
    operators: ordered('Date'),
    values: fc.constantFrom(...DATES),
    actual: fc.constantFrom(...DATES, '2025-01-01', '2026-02-01T10:00:00Z', '2028-01-01'),
  },
  bool: { operators: ['Bool'], values: fc.constantFrom('true', 'false'), actual: fc.constantFrom('true', 'false') },
  ip: {
    operators: ['IpAddress', 'NotIpAddress'],
    values: fc.constantFrom(...BLOCKS),
    actual: fc.constantFrom(
      '10.0.0.0',
      '10.0.0.1',
      '10.0.0.3',
      '10.0.0.4',
      '10.9.9.9',
      '11.0.0.0',
      '9.0.0.1',
      '2001:db8::1',
    ),
  },
};

export const kindOf = (key: string): Kind => KINDS[key.split(':')[0] ?? ''] ?? TEXT;

export const KEYS = ['text:one', 'text:two', 'set:many', 'arn:source', 'number:n', 'date:d', 'bool:b', 'ip:i'] as const;

const isSet = (key: string): boolean => key.startsWith('set:');

/** One condition on one of the keys. */
export function conditionOn(
  keys: readonly string[],
  variables: readonly string[] = [],
): fc.Arbitrary<[string, string, string[]]> {
  return fc.constantFrom(...keys).chain((key) => {
    const { operators, values } = kindOf(key);
    const quantifiers = isSet(key) ? ['ForAllValues:', 'ForAnyValue:'] : ['', '', '', 'ForAllValues:', 'ForAnyValue:'];
    const plain = fc.tuple(
      fc
        .tuple(fc.constantFrom(...quantifiers), fc.constantFrom(...operators), fc.constantFrom('', '', 'IfExists'))
        .map((parts) => parts.join('')),
      fc.constant(key),
      listOf(
        variables.length > 0 && kindOf(key) === TEXT
          ? fc.oneof({ weight: 3, arbitrary: values }, { weight: 1, arbitrary: fc.constantFrom(...variables) })
          : values,
        3,
      ),
    );
    const presence = fc.tuple(fc.constant('Null'), fc.constant(key), listOf(fc.constantFrom('true', 'false'), 1));
    return fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: presence });
  });
}

type Condition = NonNullable<StatementDocument['Condition']>;

export const conditions = (one: fc.Arbitrary<[string, string, string[]]>, most = 3): fc.Arbitrary<Condition> =>
  fc.array(one, { maxLength: most }).map((list) => {
    const block: Record<string, Record<string, string[]>> = {};
    for (const [operator, key, values] of list) {
      block[operator] ??= {};
      Object.assign(block[operator], { [key]: values });
    }
    return block;
  });

const principals = fc.constantFrom<Partial<StatementDocument>>(
  { Principal: '*' },
  { Principal: '*' },
  { Principal: { Service: [SERVICE], AWS: [ROLE] } },
  { Principal: { AWS: ['111111111111'], Service: [SERVICE] } },
  { Principal: { AWS: ['arn:aws:iam::111111111111:root', ROLE] } },
  { Principal: { AWS: ['*'] } },
  { NotPrincipal: { AWS: [ROLE] } },
  { NotPrincipal: { AWS: ['111111111111'], Service: [SERVICE] } },
);

const actions = fc.constantFrom<Partial<StatementDocument>>(
  { Action: ['kms:*'] },
  { Action: ['*'] },
  { Action: ['kms:GenerateDataKey*', 'kms:decrypt'] },
  { Action: ['kms:Decrypt'] },
  { NotAction: ['kms:Decrypt'] },
);

const resources = fc.constantFrom<Partial<StatementDocument>>(
  { Resource: ['*'] },
  { Resource: ['*'] },
  { Resource: ['arn:aws:kms:*:111111111111:key/?'] },
  { Resource: ['arn:aws:s3:::b', KEY_ARN] },
  { NotResource: ['arn:aws:kms:*:*:key/other'] },
  {},
);

export function statement(condition: fc.Arbitrary<Condition>): fc.Arbitrary<StatementDocument> {
  return fc
    .tuple(
      fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      principals,
      actions,
      resources,
      condition,
    )
    .map(([Effect, who, what, which, Condition]) => ({ Effect, ...who, ...what, ...which, Condition }));
}

/** A statement about everyone and everything, so that only its conditions decide. */
export function bareStatement(condition: fc.Arbitrary<Condition>): fc.Arbitrary<StatementDocument> {
  return fc
    .tuple(fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const), condition)
    .map(([Effect, Condition]) => ({ Effect, Principal: '*', Action: ['*'], Resource: ['*'], Condition }));
}

export const policyOf = (one: fc.Arbitrary<StatementDocument>, most = 4): fc.Arbitrary<PolicyDocument> =>
  fc
    .tuple(fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'), listOf(one, most))
    .map(([Version, Statement]) => ({ Version, Statement }));

/** `$`, apart from the braces that would make a template of it. */
const variable = (inside: string): string => `$\{${inside}}`;
export const VARIABLES = [
  variable('text:two'),
  `a${variable('TEXT:two')}*`,
  variable("text:two, 'ab'"),
  `a${variable('*')}`,
  variable('set:many'),
];

export const anyStatement = statement(conditions(conditionOn(KEYS)));
export const anyPolicy = policyOf(anyStatement);
export const policyWithVariables = policyOf(statement(conditions(conditionOn(KEYS, VARIABLES))));

/** A value that a key can have, absent included. */
export function heldBy(key: string): fc.Arbitrary<Value> {
  const { actual } = kindOf(key);
  const held: fc.Arbitrary<Value> = isSet(key) ? fc.oneof(actual, listOf(actual, 3)) : actual;
  return fc.oneof({ weight: 4, arbitrary: held }, { weight: 1, arbitrary: fc.constant(null) });
}

export const anyWorld: fc.Arbitrary<ReferenceWorld> = fc.record(
  Object.fromEntries(KEYS.map((key) => [key, heldBy(key)])),
);

export const anyPrincipal = fc.constantFrom<AccessRequest['principal']>(
  { service: SERVICE },
  { service: SERVICE },
  { aws: ROLE },
);

export const anyWho = fc.record({
  principal: anyPrincipal,
  action: fc.constantFrom('kms:GenerateDataKey', 'kms:Decrypt'),
  resource: fc.constant(KEY_ARN),
});

export type Who = Pick<AccessRequest, 'principal' | 'action' | 'resource'>;

export const stateOf = (value: Value): KeyState => (value === null ? { is: 'absent' } : present(value));

/** A request in a world of which some keys are not known. */
export const requestIn = (who: Who, world: ReferenceWorld, hidden: readonly string[] = []): AccessRequest => ({
  ...who,
  context: Object.fromEntries(
    Object.entries(world).map(([key, value]) => [key, hidden.includes(key) ? unknown : stateOf(value)]),
  ),
  otherKeys: 'absent',
});

export const anyHidden = fc.subarray([...KEYS], { minLength: 1 });
