import { authorize } from '../../src/policy/authorize.ts';
import type { Decision } from '../../src/policy/decision.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, matching, present, unknown } from '../../src/policy/request.ts';
import { LARGEST_EXPLORATION, type Work, workFor } from '../../src/policy/work.ts';
import { KEY_ARN, SERVICE } from './arbitraries.ts';

export type Loose = Readonly<Record<string, unknown>>;

const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
export const allow = (condition: Loose): Loose => ({ ...everything, Condition: condition });
export const deny = (condition: Loose): Loose => ({ ...everything, Effect: 'Deny', Condition: condition });
const upTo = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export function decide(
  statements: readonly Loose[],
  context: AccessRequest['context'],
  more: Partial<AccessRequest> = {},
  work: Work = workFor(LARGEST_EXPLORATION),
): Decision {
  const parsed = parseKeyPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (!parsed.valid) throw new Error(parsed.error);
  const request: AccessRequest = {
    principal: { service: SERVICE },
    action: 'kms:Decrypt',
    resource: KEY_ARN,
    context,
    otherKeys: 'absent',
    ...more,
  };
  return authorize(parsed.policy, request, [], { work, namesKeys: true });
}

/** `P` pigeons in one hole less: no world is allowed, and no short proof of it is known. */
export function pigeons(count: number): readonly Loose[] {
  const holes = upTo(count - 1, String);
  const homeless = upTo(count, (pigeon) =>
    deny({ Null: Object.fromEntries(holes.map((hole) => [`${pigeon}:${hole}`, 'true'])) }),
  );
  const crowded = holes.flatMap((hole) =>
    upTo(count, (one) =>
      upTo(one, (other) => deny({ Null: { [`${one}:${hole}`]: 'false', [`${other}:${hole}`]: 'false' } })),
    ).flat(),
  );
  return [everything, ...homeless, ...crowded];
}

export interface HardPolicy {
  readonly name: string;
  readonly statements: readonly Loose[];
  readonly context: AccessRequest['context'];
  readonly otherKeys?: AccessRequest['otherKeys'];
  readonly outcome: Decision['outcome'];
  /** A part of the reason for an honest answer that is no proof. */
  readonly reason?: string;
}

const k = { k: unknown };
const stars = (count: number, text: string): string => `${`*${text}`.repeat(count)}*`;

/** Policies that would take an engine long that looks at every value or world. */
export const HARD_POLICIES: readonly HardPolicy[] = [
  {
    name: '5,000 stars in a pattern, an unknown key',
    statements: [allow({ StringLike: { k: stars(5_000, 'a') } })],
    context: k,
    outcome: 'unknown',
  },
  {
    name: '2,000 stars against 20,000 characters that nearly match',
    statements: [allow({ StringLike: { k: `${stars(2_000, 'a')}b` } })],
    context: { k: present('a'.repeat(20_000)) },
    outcome: 'denied',
  },
  {
    name: 'two patterns of stars that leave texts between them',
    statements: [allow({ StringLike: { k: stars(300, 'ab') }, StringNotLike: { k: stars(300, 'ba') } })],
    context: k,
    outcome: 'unknown',
  },
  {
    name: 'a pattern of stars inside twenty others',
    statements: [
      allow({ StringLike: { k: stars(40, 'a') }, StringNotLike: { k: upTo(20, (index) => stars(20 + index, 'a')) } }),
    ],
    context: k,
    outcome: 'denied',
  },
  {
    name: 'patterns whose automaton is exponential',
    statements: [allow({ StringLike: { k: `*a${'?'.repeat(25)}` }, StringNotLike: { k: `*b${'?'.repeat(20)}` } })],
    context: k,
    outcome: 'unknown',
  },
  {
    name: 'patterns that contradict each other twenty characters from the end',
    statements: [
      allow({
        StringLike: { k: `*a${'?'.repeat(20)}` },
        StringNotLike: { k: upTo(5, (index) => `*a${'?'.repeat(index)}b${'?'.repeat(19 - index)}`) },
        'ForAnyValue:StringLike': { k: `*b${'?'.repeat(19)}` },
      }),
    ],
    context: k,
    outcome: 'unknown',
    reason: 'no value was found, nor proved impossible',
  },
  {
    name: '300 statements, as many as 32 KB hold, on one key',
    statements: upTo(300, (index) => (index % 3 === 0 ? deny : allow)({ StringLike: { k: `a${index}*` } })),
    context: k,
    outcome: 'unknown',
  },
  {
    name: '1,000 patterns on one key',
    statements: [allow({ StringLike: { k: upTo(1_000, (index) => `*x${index}*y`) } })],
    context: k,
    outcome: 'unknown',
  },
  {
    name: '900 patterns, each inside one of 900 that are denied',
    statements: [
      allow({ StringLike: { k: upTo(900, (index) => `a*${index}*`) } }),
      deny({ StringLike: { k: upTo(900, (index) => `*${index}*`) } }),
    ],
    context: k,
    outcome: 'denied',
  },
  {
    name: '2,000 unknown keys under one operator',
    statements: [allow({ StringEquals: Object.fromEntries(upTo(2_000, (index) => [`k${index}`, 'v'])) })],
    context: {},
    otherKeys: 'unknown',
    outcome: 'unknown',
  },
  {
    name: '280 denials on as many unknown keys',
    statements: [everything, ...upTo(280, (index) => deny({ StringLike: { [`k${index}`]: `a${index}*` } }))],
    context: {},
    otherKeys: 'unknown',
    outcome: 'unknown',
  },
  {
    name: '20 unknown keys without a world that is allowed',
    statements: pigeons(5),
    context: {},
    otherKeys: 'unknown',
    outcome: 'denied',
  },
  {
    name: '56 unknown keys without a world that is allowed',
    statements: pigeons(8),
    context: {},
    otherKeys: 'unknown',
    outcome: 'unknown',
    reason: 'more combinations of values than are examined',
  },
  {
    name: '3,000 numbers',
    statements: [
      allow({ NumericEquals: { k: upTo(3_000, Number) } }),
      deny({ NumericEquals: { k: upTo(3_000, Number) } }),
    ],
    context: k,
    outcome: 'denied',
  },
  {
    name: '200 intervals of dates',
    statements: upTo(200, (index) =>
      (index % 2 === 0 ? allow : deny)({ DateLessThan: { k: String(1_700_000_000 + index) } }),
    ),
    context: k,
    outcome: 'denied',
  },
  {
    name: '1,000 blocks of addresses',
    statements: [
      allow({
        IpAddress: { k: upTo(700, (index) => `10.${index % 256}.${index % 200}.0/24`) },
        NotIpAddress: { k: upTo(256, (index) => `10.${index}.0.0/16`) },
      }),
    ],
    context: k,
    outcome: 'denied',
  },
  {
    name: 'numbers, dates, addresses and texts on one key',
    statements: [
      allow({
        NumericLessThan: { k: 5 },
        DateLessThan: { k: '2026-01-01' },
        IpAddress: { k: '10.0.0.0/8' },
        StringLike: { k: '*' },
      }),
    ],
    context: k,
    outcome: 'unknown',
    reason: 'no value was found, nor proved impossible',
  },
  {
    name: 'a number that is pinned to texts which are none of the few that are tried',
    statements: [allow({ NumericLessThan: { k: 5 }, StringLike: { k: '?7*' } })],
    context: { k: matching('-*') },
    outcome: 'unknown',
    reason: 'no value was found, nor proved impossible',
  },
  {
    name: 'the same among several values',
    statements: [allow({ 'ForAnyValue:NumericLessThan': { k: 5 }, 'ForAllValues:StringLike': { k: '?7*' } })],
    context: { k: matching('-*') },
    outcome: 'unknown',
    reason: 'no value was found, nor proved impossible',
  },
  {
    name: 'four unknown policy variables beside a known value',
    statements: upTo(4, (index) => allow({ StringEquals: { k: `$\{v${index}}` } })),
    context: { k: present('x') },
    otherKeys: 'unknown',
    outcome: 'unknown',
  },
  {
    name: 'four unknown policy variables beside an unknown value',
    statements: upTo(4, (index) => allow({ StringEquals: { k: `$\{v${index}}` } })),
    context: {},
    otherKeys: 'unknown',
    outcome: 'unknown',
    reason: 'policy variable',
  },
];
