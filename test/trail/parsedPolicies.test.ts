import { type KeyPolicyParse, parseKeyPolicy } from '../../src/policy/parse.ts';
import { type Reading, read, unread } from '../../src/trail/facts.ts';
import { parsedPolicies } from '../../src/trail/parsedPolicies.ts';

const policy = (Sid: string): KeyPolicyParse =>
  parseKeyPolicy({ Statement: [{ Sid, Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] });
const denied = unread('denied', 'not permitted');
const INVALID = parseKeyPolicy('{');

test.each<
  [string, Reading<KeyPolicyParse>, Reading<KeyPolicyParse | null>, Reading<readonly KeyPolicyParse[]>, string[]]
>([
  ['all of them', read(policy('own')), read(policy('ram')), read([policy('a'), policy('b')]), ['own', 'ram', 'a', 'b']],
  ['no share', read(policy('own')), read(null), read([]), ['own']],
  ['nothing was read', denied, denied, denied, []],
  ['those that can be parsed', read(INVALID), read(INVALID), read([INVALID, policy('a')]), ['a']],
])('%s', (_, own, ramPolicy, resourceControlPolicies, sids) => {
  const found = parsedPolicies({ policy: own, ramPolicy, resourceControlPolicies });
  expect(found.flatMap(({ statements }) => statements.map(({ label }) => label))).toEqual(sids);
});
