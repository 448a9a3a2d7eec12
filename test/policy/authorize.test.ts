import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, absent, matching, perhaps, present, unknown } from '../../src/policy/request.ts';
import { type Effort, LARGEST_EXPLORATION, workFor } from '../../src/policy/work.ts';
import { allow, decide, deny, type Loose } from './hardPolicies.ts';
import { parsedPolicy } from './parsedPolicy.ts';

const statement = {
  Sid: 'A',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
};
const allowsNobody = { ...statement, Sid: 'N', Principal: 'cloudtrail' };

test.each([
  ['is told where nothing denies', [allowsNobody], [], expect.stringContaining('statement `N` allows nobody')],
  ['is no reason where a Deny decides', [allowsNobody, { ...statement, Sid: 'D', Effect: 'Deny' }], ['D'], null],
  ['is no reason where another one allows', [allowsNobody, statement], ['A'], null],
])('a statement that allows nobody %s', (_, statements, decided, reason) => {
  const parsed = parseKeyPolicy({ Version: '2012-10-17', Statement: statements });
  if (!parsed.valid) throw new Error(parsed.error);
  const decision = authorize(parsed.policy, {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'kms:GenerateDataKey',
    resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
    context: {},
    otherKeys: 'absent',
  });
  expect(decision).toMatchObject({ statements: decided, reason });
});

/** A statement about everybody. */
const everybody = (Sid: string, Condition: object, more: object = {}) => ({
  Sid,
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition,
  ...more,
});

const ROLE = 'arn:aws:iam::111111111111:role/r';

function ask(statements: readonly object[], effort?: Effort, context: AccessRequest['context'] = {}) {
  const policy = parsedPolicy({ Version: '2012-10-17', Statement: statements });
  const request = { action: 'kms:Decrypt', resource: 'r', context, otherKeys: 'unknown' } as const;
  return authorize(policy, { principal: { aws: ROLE }, ...request }, [], effort);
}

test.each([
  ['texts that none of its values is', { StringEquals: { a: ['y', 'z'] } }, 'denied'],
  ['ARNs that none of its values is', { ArnLike: { a: 'arn:aws:iam::111111111111:role/y' } }, 'denied'],
  ['texts of which a value may be one', { StringEquals: { a: ['y', 'x1'] } }, 'unknown'],
  ['texts, or that it is not there', { StringEqualsIfExists: { a: 'y' } }, 'unknown'],
  ['texts, or nothing in a list', { 'ForAllValues:StringEquals': { a: 'y' } }, 'unknown'],
  ['none of some texts', { StringNotEquals: { a: 'y' } }, 'allowed'],
  ['a pattern', { StringLike: { a: '?1' } }, 'unknown'],
  ['a text in any case', { StringEqualsIgnoreCase: { a: 'X1' } }, 'unknown'],
])('of a key that is known by a pattern a statement asks for %s', (_, condition, outcome) => {
  expect(ask([everybody('A', condition)], undefined, { a: perhaps('x*') })).toMatchObject({ outcome });
});

test('a text that the second pattern of a key matches is one that it may be', () => {
  const statements = [everybody('A', { StringEquals: { a: 'y' } })];
  expect(ask(statements, undefined, { a: matching('x*', 'y*') })).toMatchObject({ outcome: 'unknown', reason: null });
});

test('that no statement can allow it is seen without work', () => {
  const statements = [everybody('A', { StringEquals: { a: ['y', 'z'], b: 'x' } })];
  const none = { work: workFor(0), namesKeys: true };
  const nothing = { outcome: 'denied', statements: [], dependsOn: [], witnesses: null, reason: null };
  expect(ask(statements, none, { a: perhaps('x*') })).toEqual(nothing);
  const mayBeDenied = everybody('D', { StringEquals: { b: 'x' } }, { Effect: 'Deny' });
  expect(ask([...statements, mayBeDenied], undefined, { a: perhaps('x*') })).toEqual({ ...nothing, statements: ['D'] });
});

test('where not every world was looked at and all have one answer, it depends on every key', () => {
  const statements = [
    everybody('A', { StringEquals: { a: 'x', b: 'x' } }),
    // Never holds: only the way there is looked at.
    everybody('B', { StringEquals: { b: 'x', d: 'x' }, StringLike: { d: 'y' } }),
  ];
  const answers = Array.from({ length: 100 }, (_, left) => ask(statements, { work: workFor(left), namesKeys: true }));
  const oneSided = answers.filter(({ witnesses }) => witnesses !== null && witnesses.allowed === null);
  expect(oneSided.length).toBeGreaterThan(0);
  for (const { dependsOn } of oneSided) expect(dependsOn).toEqual(['a', 'b', 'd']);
});

test('a world that IAM policies decide is looked for behind one that is allowed, whoever asks for keys', () => {
  const account = { Principal: { AWS: 'arn:aws:iam::111111111111:root' } };
  const statements = [
    everybody('Account', { StringEquals: { a: 'x' } }, account),
    everybody('Role', { StringEquals: { b: 'x' } }),
  ];
  const { statements: decided, witnesses } = ask(statements, { work: workFor(LARGEST_EXPLORATION), namesKeys: false });
  expect(decided).toEqual(['Account']);
  expect(witnesses?.allowed).toEqual({ a: 'x', b: null });
});

test('a proved doubt depends on no policy variable that makes no difference', () => {
  const statements = [everybody('A', { StringEquals: { a: 'x' }, StringNotEquals: { l: `$\{v}` } })];
  expect(ask(statements, undefined, { l: absent })).toMatchObject({ reason: null, dependsOn: ['a'] });
});

test('a value that a variable never has is not one of its cases', () => {
  const statements = [
    everybody('A', { StringNotEquals: { w: 'y' } }),
    everybody('B', { StringNotEquals: { k: `$\{v}$\{w}` } }),
  ];
  const v = { is: 'constrained', matching: [], outside: ['x'], orAbsent: false } as const;
  expect(ask(statements, undefined, { k: present('xy'), v }).outcome).toBe('allowed');
});

test('a value that is searched is none of those that the key never has', () => {
  const statements = [everybody('A', { StringLike: { k: 'a*' }, StringLikeIfExists: { k: '*b' } })];
  const k = { is: 'constrained', matching: [], outside: ['ab'], orAbsent: false } as const;
  const { witnesses } = ask(statements, undefined, { k });
  expect(witnesses?.allowed?.k).toMatch(/^a.+b$/);
});

test.each<[string, Loose, Loose, string]>([
  ['at the start', { StringEqualsIgnoreCase: { k: 'abc' } }, { StringEquals: { k: 'abc' } }, 'Abc'],
  ['everywhere', { StringEqualsIgnoreCase: { k: 'abc' } }, { StringLike: { k: ['a*', '*c', '*b*'] } }, 'ABC'],
  ['inside', { StringEqualsIgnoreCase: { k: 'abc' }, StringLike: { k: 'a*c' } }, { StringEquals: { k: 'abc' } }, 'aBc'],
])('a value that differs by upper case alone is found: %s', (_, allowed, denied, value) => {
  const decision = decide([allow(allowed), deny(denied)], { k: unknown });
  expect(decision).toMatchObject({ outcome: 'unknown', witnesses: { allowed: { k: value }, denied: { k: null } } });
});

const MENTIONED = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.@+=, :!"#$%&()'];
test.each<[string, Loose, Loose, string]>([
  ['as the last', { StringLike: { k: '?*' } }, { StringLike: { k: MENTIONED.map((one) => `*${one}`) } }, '¡'],
  ['everywhere', { StringLike: { k: '??*' } }, { StringLike: { k: MENTIONED.map((one) => `*${one}*`) } }, '¡¡'],
])('however many characters a policy excludes, another one is found: %s', (_, allowed, denied, value) => {
  const decision = decide([allow(allowed), deny(denied)], { k: unknown });
  expect(decision).toMatchObject({ outcome: 'unknown', witnesses: { allowed: { k: value }, denied: { k: null } } });
});
