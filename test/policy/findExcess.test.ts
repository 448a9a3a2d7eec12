import fc from 'fast-check';
import { findExcess } from '../../src/policy/findExcess.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, present } from '../../src/policy/request.ts';
import { LARGEST_EXPLORATION, workFor } from '../../src/policy/work.ts';
import { runs } from '../runs.ts';
import {
  anyPolicy,
  anyStatement,
  anyWho,
  anyWorld,
  bareStatement,
  conditionOn,
  conditions,
  KEYS,
  policyOf,
  type Who,
} from './arbitraries.ts';
import { type PolicyDocument, type ReferenceAnswer, type ReferenceWorld, referenceAnswer } from './reference.ts';

const RANK: Readonly<Record<ReferenceAnswer, number | null>> = { denied: 0, delegated: 1, allowed: 2, open: null };

function parsed(document: PolicyDocument): KeyPolicy {
  const parse = parseKeyPolicy(document);
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
}

const excess = (policy: PolicyDocument, than: PolicyDocument, who: Who, context: AccessRequest['context'] = {}) => {
  const request: AccessRequest = { ...who, context, otherKeys: 'unknown' };
  return findExcess(parsed(policy), parsed(than), request, workFor(LARGEST_EXPLORATION));
};

/** Whether one policy gives more in a world; `null` where the documentation leaves that open. */
function isMore(policy: PolicyDocument, than: PolicyDocument, who: Who, world: ReferenceWorld): boolean | null {
  const [more, less] = [RANK[referenceAnswer(policy, who, world)], RANK[referenceAnswer(than, who, world)]];
  return more === null || less === null ? null : more > less;
}

const few = bareStatement(conditions(conditionOn(KEYS.slice(0, 4)), 2));
/** Pairs that have much in common: a statement or a condition more, less or changed. */
const pairs = (one: fc.Arbitrary<PolicyDocument['Statement'][number]>) =>
  fc
    .tuple(policyOf(one, 4), fc.array(one, { maxLength: 1 }), fc.nat({ max: 4 }))
    .map(([policy, more, dropped]): readonly [PolicyDocument, PolicyDocument] => {
      const Statement = [...policy.Statement.filter((_, index) => index !== dropped), ...more];
      return [policy, { ...policy, Statement }];
    });

describe.each([
  ['two policies', fc.tuple(anyPolicy, anyPolicy)],
  ['pairs that have much in common', pairs(anyStatement)],
  ['statements about everybody', pairs(few)],
])('%s', (_, policies) => {
  test('what is found is there, and what is proved holds in every world', () => {
    const counts = { found: 0, none: 0, open: 0 };
    const holds = ([policy, than]: readonly [PolicyDocument, PolicyDocument], who: Who, worlds: ReferenceWorld[]) => {
      const answer = excess(policy, than, who);
      counts[answer.is] += 1;
      if (answer.is === 'found') {
        const world = Object.fromEntries(answer.values);
        // What is open may come to more still: only what is certain is found.
        expect(isMore(policy, than, who, world)).not.toBe(false);
      }
      if (answer.is === 'none') for (const world of worlds) expect(isMore(policy, than, who, world)).not.toBe(true);
    };
    // Fewer may not find each kind.
    const numRuns = Math.max(50, runs(500));
    fc.assert(fc.property(policies, anyWho, fc.array(anyWorld, { minLength: 40, maxLength: 40 }), holds), { numRuns });
    expect(counts.found).toBeGreaterThan(0);
    expect(counts.none).toBeGreaterThan(0);
    expect(counts.open).toBeLessThan(numRuns * 0.4);
  });
});

test('no policy gives more than itself, whatever nobody can decide in it', () => {
  fc.assert(
    fc.property(anyPolicy, anyWho, (policy, who) => {
      const reversed = { ...policy, Statement: policy.Statement.toReversed() };
      expect(excess(policy, reversed, who)).toEqual({ is: 'none' });
    }),
    { numRuns: runs(500) },
  );
});

test('a statement more gives no less, a Deny more gives no more', () => {
  fc.assert(
    fc.property(anyPolicy, anyStatement, anyWho, (policy, more, who) => {
      const both = { ...policy, Statement: [more, ...policy.Statement] };
      const answer = more.Effect === 'Allow' ? excess(policy, both, who) : excess(both, policy, who);
      expect(answer.is).toBe('none');
    }),
    { numRuns: runs(500) },
  );
});

const allow = (more: object = {}): PolicyDocument['Statement'][number] =>
  ({ Sid: 'A', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*', ...more }) as never;
const of = (Statement: readonly PolicyDocument['Statement'][number][]) =>
  ({ Version: '2012-10-17', Statement }) as PolicyDocument;
const undecidable = { stringequals: { 'a:k': 'x' } };
const [OF_V, OF_W] = [`$\{a:v}`, `$\{a:w}`];
const WHAT = { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:111111111111:key/k' };

test.each<
  [
    string,
    readonly PolicyDocument['Statement'][number][],
    readonly PolicyDocument['Statement'][number][],
    object,
    AccessRequest['context']?,
  ]
>([
  ['nothing', [], [allow()], { is: 'none' }],
  ['a statement more', [allow()], [], { is: 'found' }],
  ['one that nobody can decide', [allow({ Condition: undecidable })], [], { is: 'open', reason: '`stringequals`' }],
  [
    'all but what nobody can decide',
    [allow()],
    [allow({ Condition: undecidable })],
    { is: 'open', reason: '`stringequals`' },
  ],
  ['less, whatever nobody can decide', [allow({ Condition: undecidable })], [allow()], { is: 'none' }],
  [
    'more, whatever nobody can decide beside it',
    [allow(), allow({ Sid: 'B', Condition: undecidable })],
    [allow({ Sid: 'B', Condition: undecidable, Action: 'kms:Encrypt' })],
    { is: 'found' },
  ],
  [
    'more where a policy variable has some value',
    [allow()],
    [allow({ Condition: { StringEquals: { 'a:k': OF_V } } })],
    {
      is: 'found',
      values: new Map([
        ['a:k', null],
        ['a:v', 'o-exampleorgid'],
      ]),
    },
  ],
  [
    'what a value that nobody can decide may give',
    [allow({ Condition: { StringLike: { 'a:k': '${' } } })],
    [],
    { is: 'open', reason: 'is no value that StringLike is documented to take' },
  ],
  [
    'what other values of a policy variable give',
    [allow({ Condition: { StringNotEquals: { 'a:k': OF_V } } })],
    [allow({ Condition: { StringEquals: { 'a:k': OF_V } } })],
    { is: 'open', reason: OF_V },
    { 'a:v': { is: 'constrained', matching: ['x*'], outside: [], orAbsent: false } },
  ],
  [
    'less, with a condition more that nobody can decide',
    [allow({ Condition: { StringEquals: { 'a:k': 'x' }, StringLike: { 'a:l': '${' } } })],
    [allow({ Condition: { StringEquals: { 'a:k': 'x' } } })],
    { is: 'none' },
  ],
  [
    'what one policy variable gives by another key',
    [allow({ Condition: { StringEquals: { 'a:k': OF_V } } })],
    [allow({ Condition: { StringEquals: { 'a:l': OF_V } } })],
    { is: 'open', reason: OF_V },
    { 'a:v': { is: 'constrained', matching: ['x*'], outside: [], orAbsent: false } },
  ],
  [
    'more by a policy variable beside one that is known',
    [allow({ Condition: { StringEquals: { 'a:k': [OF_W, OF_V] } } })],
    [],
    { is: 'found', values: new Map([['a:v', 'x']]) },
    { 'a:k': present('x'), 'a:w': present('z') },
  ],
  [
    'nothing certain where it depends on a policy variable whether a value is an ARN',
    [allow({ Condition: { ArnLike: { 'a:k': `arn:aws:iam::${OF_V}` } } })],
    [],
    { is: 'open', reason: OF_V },
    { 'a:k': present('arn:aws:iam::1:role/x') },
  ],
])('over another policy it gives %s', (_, mine, theirs, expected, context = {}) => {
  const who = { principal: { aws: 'arn:aws:iam::111111111111:role/r' }, ...WHAT } as Who;
  const answer = excess(of(mine), of(theirs), who, context);
  const { reason, ...rest } = expected as { readonly reason?: string };
  expect(answer).toMatchObject(rest);
  if (reason !== undefined) expect(answer).toMatchObject({ reason: expect.stringContaining(reason) });
});

test('a statement that nobody can decide is no more than one that means the same for the request', () => {
  const service = { principal: { service: 'cloudtrail.amazonaws.com' }, ...WHAT } as Who;
  expect(excess(of([allow()]), of([allow({ Action: 'kms:De*' })]), service)).toEqual({ is: 'none' });
});
