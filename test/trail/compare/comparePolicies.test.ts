import fc from 'fast-check';
import { authorize } from '../../../src/policy/authorize.ts';
import type { KeyPolicy } from '../../../src/policy/parse.ts';
import type { AccessRequest, Principal } from '../../../src/policy/request.ts';
import { comparePolicies } from '../../../src/trail/compare/comparePolicies.ts';
import type { AccessDifference } from '../../../src/trail/compare/excess.ts';
import { anyPolicy, anyStatement, anyWorld, KEY_ARN, ROLE, SERVICE, stateOf } from '../../policy/arbitraries.ts';
import { parsedPolicy } from '../../policy/parsedPolicy.ts';
import {
  type PolicyDocument,
  type ReferenceAnswer,
  type ReferenceWorld,
  referenceAnswer,
} from '../../policy/reference.ts';
import { runs } from '../../runs.ts';

const compared = (before: unknown, after: unknown) =>
  comparePolicies(parsedPolicy(before), parsedPolicy(after), KEY_ARN);

const RANK: Readonly<Record<ReferenceAnswer, number | null>> = { denied: 0, delegated: 1, allowed: 2, open: null };

/** The request that shows a difference, with every key known. */
const shownBy = ({ principal, action, context }: AccessDifference): AccessRequest => ({
  principal: 'AWS' in principal ? { aws: principal.AWS } : { service: principal.Service },
  action,
  resource: KEY_ARN,
  context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, stateOf(value)])),
  otherKeys: 'absent',
});

const OUTCOMES = ['denied', 'delegated', 'allowed'];
/** Less is given by one policy than by another; what the documentation leaves open may be anything. */
function isLess(less: KeyPolicy, more: KeyPolicy, difference: AccessDifference): boolean {
  const [a, b] = [less, more].map((policy) => OUTCOMES.indexOf(authorize(policy, shownBy(difference)).outcome));
  return a! < 0 || b! < 0 || a! < b!;
}

const said = (differences: readonly AccessDifference[]) =>
  differences.map(({ action, principal }) => `${action} ${'AWS' in principal ? principal.AWS : principal.Service}`);

const anybody = fc.constantFrom<Principal>(
  { service: SERVICE },
  { service: 'other.amazonaws.com' },
  { aws: ROLE },
  { aws: 'arn:aws:iam::111111111111:user/another' },
  { aws: 'arn:aws:iam::999999999999:role/r' },
);
const anyAction = fc.constantFrom('kms:Decrypt', 'kms:GenerateDataKeyPair', 'kms:PutKeyPolicy', 'kms:GenerateDataKey');
const samples = fc.array(fc.record({ principal: anybody, action: anyAction, world: anyWorld }), {
  minLength: 60,
  maxLength: 60,
});

/** Pairs that have much in common, and pairs that have nothing. */
const pairs = fc.oneof(
  fc.tuple(anyPolicy, anyPolicy),
  fc.tuple(anyPolicy, anyStatement, fc.nat({ max: 4 })).map(([policy, more, dropped]) => {
    const Statement = [...policy.Statement.filter((_, index) => index !== dropped), more];
    return [policy, { ...policy, Statement }] as [PolicyDocument, PolicyDocument];
  }),
);

test('the relation of random policies is what sampled requests show, and every difference is one', () => {
  const relations = new Map<string, number>();
  const holds = (
    [before, after]: readonly [PolicyDocument, PolicyDocument],
    sampled: readonly { readonly principal: Principal; readonly action: string; readonly world: ReferenceWorld }[],
  ): void => {
    const { relation, gained, lost } = compared(before, after);
    relations.set(relation, (relations.get(relation) ?? 0) + 1);
    for (const one of gained) expect(isLess(parsedPolicy(before), parsedPolicy(after), one)).toBe(true);
    for (const one of lost) expect(isLess(parsedPolicy(after), parsedPolicy(before), one)).toBe(true);
    for (const { principal, action, world } of sampled) {
      const [was, is] = [before, after].map(
        (policy) => RANK[referenceAnswer(policy, { principal, action, resource: KEY_ARN }, world)],
      );
      if (was === null || is === null) continue;
      if (is! > was!) expect(['wider', 'incomparable', 'unknown']).toContain(relation);
      if (is! < was!) expect(['narrower', 'incomparable', 'unknown']).toContain(relation);
    }
  };
  fc.assert(fc.property(pairs, samples, holds), { numRuns: runs(500, 1 / 16) });
  expect(relations.size).toBeGreaterThan(2);
  expect(relations.get('unknown') ?? 0).toBeLessThan(runs(300, 1 / 16));
});

test('a policy is equal to itself in another order, under other Sids', () => {
  const holds = (policy: PolicyDocument): void => {
    const named = policy.Statement.map((statement, index) => ({ ...statement, Sid: `S${index}` })).toReversed();
    expect(compared(policy, { ...policy, Statement: named }).relation).toBe('equal');
  };
  fc.assert(fc.property(anyPolicy, holds), { numRuns: runs(500) });
});

test('the other way round gains are losses', () => {
  const holds = ([before, after]: readonly [PolicyDocument, PolicyDocument]): void => {
    const [there, back] = [compared(before, after), compared(after, before)];
    expect(said(back.gained).sort()).toEqual(said(there.lost).sort());
    expect(said(back.lost).sort()).toEqual(said(there.gained).sort());
  };
  fc.assert(fc.property(pairs, holds), { numRuns: runs(500) });
});

const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:root' },
  Action: 'kms:*',
  Resource: '*',
};
const CT = {
  Sid: 'Encrypt',
  Effect: 'Allow',
  Principal: { Service: SERVICE },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main' } },
};
const allow = (members: object) => ({ Sid: 'More', Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...members });
const deny = (members: object) => ({
  Sid: 'No',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  ...members,
});
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const FOREIGN = { AWS: 'arn:aws:iam::222222222222:role/siem' };
const when = (operator: string, key: string, value: string | string[]) => ({
  Condition: { [operator]: { [key]: value } },
});

const MINE = { StringEquals: { 'aws:PrincipalOrgID': `$\{aws:ResourceOrgID}` } };
const VPC = { StringLike: { 'aws:SourceVpc': 'vpc-1' } };
const OWN_ORGANIZATION = allow({ Principal: FOREIGN, Condition: MINE });

interface Row {
  readonly name: string;
  readonly before?: readonly object[];
  readonly after: readonly object[];
  readonly relation: string;
  readonly gained?: readonly string[];
  readonly lost?: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'nothing changes', after: [ROOT, CT], relation: 'equal' },
  {
    name: 'a list in another order',
    before: [allow({ Principal: FOREIGN, Action: ['kms:Decrypt', 'kms:Encrypt'] })],
    after: [allow({ Principal: FOREIGN, Action: ['kms:Encrypt', 'kms:Decrypt'] })],
    relation: 'equal',
  },
  {
    name: 'one statement in two',
    before: [allow({ Principal: FOREIGN, Action: ['kms:Decrypt', 'kms:Encrypt'] })],
    after: [allow({ Principal: FOREIGN }), allow({ Principal: FOREIGN, Action: 'kms:Encrypt' })],
    relation: 'equal',
  },
  {
    name: 'a pattern that matches the same',
    before: [allow({ Principal: FOREIGN, ...when('StringEquals', 'aws:SourceArn', 'a') })],
    after: [allow({ Principal: FOREIGN, ...when('StringLike', 'aws:SourceArn', 'a') })],
    relation: 'equal',
  },
  {
    name: 'another account may decrypt',
    after: [ROOT, CT, allow({ Principal: FOREIGN })],
    relation: 'wider',
    gained: ['kms:Decrypt arn:aws:iam::222222222222:role/siem'],
  },
  {
    name: 'a condition is dropped',
    after: [ROOT, { ...CT, Condition: {} }],
    relation: 'wider',
    gained: [`kms:GenerateDataKey ${SERVICE}`],
  },
  {
    name: 'a condition is added',
    before: [ROOT, { ...CT, Condition: {} }],
    after: [ROOT, CT],
    relation: 'narrower',
    lost: [`kms:GenerateDataKey ${SERVICE}`],
  },
  {
    name: 'another trail in place of the trail',
    after: [
      ROOT,
      { ...CT, ...when('StringEquals', 'aws:SourceArn', 'arn:aws:cloudtrail:us-east-1:111111111111:trail/b') },
    ],
    relation: 'incomparable',
  },
  { name: 'everybody may decrypt', after: [ROOT, CT, allow({ Principal: '*' })], relation: 'wider' },
  {
    name: 'a Deny is added',
    after: [ROOT, CT, deny(when('StringNotEquals', 'aws:PrincipalOrgID', 'o-1234567890'))],
    relation: 'narrower',
  },
  { name: 'a Deny for what nobody is allowed', after: [ROOT, CT, deny({ Principal: FOREIGN })], relation: 'equal' },
  {
    name: 'a Deny for those whom nothing else names',
    before: [allow({ Principal: '*', ...when('StringEquals', 'aws:PrincipalAccount', '222222222222') })],
    after: [
      allow({ Principal: '*', ...when('StringEquals', 'aws:PrincipalAccount', '222222222222') }),
      deny(when('StringNotEqualsIfExists', 'aws:PrincipalAccount', '222222222222')),
    ],
    relation: 'equal',
  },
  {
    name: 'the account id for its root',
    before: [ROOT],
    after: [{ ...ROOT, Principal: { AWS: '111111111111' } }],
    relation: 'equal',
  },
  {
    name: 'a role of an account that IAM decides for is allowed by the policy itself',
    after: [ROOT, CT, allow({ Principal: { AWS: ROLE } })],
    relation: 'wider',
    gained: [`kms:Decrypt ${ROLE}`],
  },
  {
    name: 'a role by its ARN in a condition',
    before: [allow({ Principal: '*', ...when('StringEquals', 'aws:PrincipalArn', FOREIGN.AWS) })],
    after: [allow({ Principal: FOREIGN })],
    relation: 'equal',
  },
  {
    name: 'roles of a path',
    before: [allow({ Principal: '*', ...when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::222222222222:role/a*') })],
    after: [allow({ Principal: '*', ...when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::222222222222:role/ab*') })],
    relation: 'narrower',
  },
  {
    name: 'only more actions',
    before: [allow({ Principal: FOREIGN })],
    after: [allow({ Principal: FOREIGN, Action: ['kms:Decrypt', 'kms:CreateGrant'] })],
    relation: 'wider',
    gained: ['kms:CreateGrant arn:aws:iam::222222222222:role/siem'],
  },
  {
    name: 'a service by a statement that names it',
    after: [ROOT, CT, allow({ Principal: { Service: 'logs.amazonaws.com' } })],
    relation: 'wider',
    gained: ['kms:Decrypt logs.amazonaws.com'],
  },
  {
    name: 'an open Deny that stays, under another Sid',
    before: [ROOT, deny({ Condition: { stringequals: { 'aws:x': 'y' } } })],
    after: [deny({ Sid: 'Other', Condition: { stringequals: { 'aws:x': 'y' } } }), ROOT],
    relation: 'equal',
  },
  {
    name: "the organization's readers are dropped, by a policy variable that nobody knows",
    before: [ROOT, OWN_ORGANIZATION],
    after: [ROOT],
    relation: 'narrower',
  },
  {
    name: "the organization's readers are narrowed",
    before: [ROOT, OWN_ORGANIZATION],
    after: [
      ROOT,
      {
        ...OWN_ORGANIZATION,
        Condition: { ...VPC, ...MINE },
      },
    ],
    relation: 'narrower',
  },
  {
    name: 'a Deny that nobody can decide',
    after: [ROOT, CT, deny({ Condition: { stringequals: { 'aws:x': 'y' } } })],
    relation: 'unknown',
  },
  {
    name: 'several patterns of accounts, and one more that another covers',
    before: [allow({ Principal: '*', ...when('StringLike', 'aws:PrincipalAccount', ['1*', '*2']) })],
    after: [allow({ Principal: '*', ...when('StringLike', 'aws:PrincipalAccount', ['1*', '*2', '3*2']) })],
    relation: 'equal',
  },
  {
    name: 'an account that only several patterns together tell apart',
    after: [
      ROOT,
      CT,
      allow({ Principal: '*', Condition: { StringLike: { 'aws:PrincipalAccount': '3*', 'kms:CallerAccount': '*7' } } }),
    ],
    relation: 'wider',
  },
  {
    name: 'patterns of accounts, and a statement for one role',
    before: [ROOT, allow({ Principal: '*', ...when('StringLike', 'aws:PrincipalAccount', ['1*', '*2']) })],
    after: [
      ROOT,
      allow({ Principal: '*', ...when('StringLike', 'aws:PrincipalAccount', ['1*', '*2']) }),
      allow({ Principal: FOREIGN, Action: 'kms:CreateGrant' }),
    ],
    relation: 'wider',
    gained: ['kms:CreateGrant arn:aws:iam::222222222222:role/siem'],
  },
  {
    name: 'patterns of accounts that exclude each other in the ARN and in the id',
    after: [
      ROOT,
      CT,
      allow({
        Principal: '*',
        Condition: {
          StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::3*:role/*', 'aws:PrincipalAccount': '4*' },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    ],
    relation: 'unknown',
  },
];

test.each(rows)('$name', ({ before = [ROOT, CT], after, relation, gained, lost }) => {
  const answer = compared(policy(...before), policy(...after));
  expect(answer.relation).toBe(relation);
  if (gained !== undefined) expect(said(answer.gained)).toEqual(gained);
  if (lost !== undefined) expect(said(answer.lost)).toEqual(lost);
  expect(answer.reason === null).toBe(relation !== 'unknown');
});
