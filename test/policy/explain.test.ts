import { describeMismatch, explain, mismatchInBrief } from '../../src/policy/explain.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, matching, present, unknown } from '../../src/policy/request.ts';
import type { StatementDocument } from './reference.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/k';

const request: AccessRequest = {
  principal: { service: 'cloudtrail.amazonaws.com' },
  action: 'kms:GenerateDataKey',
  resource: KEY,
  context: {
    'aws:SourceArn': present(TRAIL),
    'a:account': present('111111111111'),
    'a:list': present(['x', 'y']),
    'a:noted': { is: 'present', value: 'arn:aws:iam::111111111111:role/x', ofAccount: 'a note' },
    'a:pinned': matching('p*'),
    'kms:ViaService': unknown,
  },
  otherKeys: 'absent',
};

type Loose = Readonly<Record<string, unknown>>;

const encrypt = {
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
};

function explained(...statements: readonly Loose[]) {
  const parsed = parseKeyPolicy({ Version: '2012-10-17', Statement: statements });
  if (!parsed.valid) throw new Error(parsed.error);
  return explain(parsed.policy, request);
}

const without = (name: keyof StatementDocument): Loose =>
  Object.fromEntries(Object.entries(encrypt).filter(([member]) => member !== name));
const when = (condition: Loose): Loose => ({ ...encrypt, Condition: condition });
/** `$`, apart from the braces that would make a template of it. */
const variable = (inside: string): string => `$\{${inside}}`;

const rows: readonly (readonly [string, Loose, 'yes' | 'no' | 'unknown', readonly string[]])[] = [
  ['all parts match', encrypt, 'yes', []],
  [
    'another principal',
    { ...encrypt, Principal: { Service: 's3.amazonaws.com', AWS: '111111111111' } },
    'no',
    ['the principal is `cloudtrail.amazonaws.com`, the policy names `111111111111` or `s3.amazonaws.com`'],
  ],
  [
    'no principal',
    without('Principal'),
    'no',
    ['the principal is `cloudtrail.amazonaws.com`, the policy names nothing'],
  ],
  [
    'a principal that NotPrincipal names',
    { ...without('Principal'), NotPrincipal: { Service: 'cloudtrail.amazonaws.com' } },
    'no',
    ['NotPrincipal names the principal `cloudtrail.amazonaws.com`'],
  ],
  [
    'NotPrincipal for everyone',
    { ...without('Principal'), NotPrincipal: '*' },
    'no',
    ['NotPrincipal names the principal `cloudtrail.amazonaws.com`'],
  ],
  [
    'a principal that is unsettled',
    { ...encrypt, Principal: { AWS: '*' } },
    'unknown',
    ['whether {"AWS": "*"} covers service principals is not documented (AWS JSON policy elements: Principal)'],
  ],
  [
    'another action',
    { ...encrypt, Action: ['kms:Decrypt', 'kms:DescribeKey'] },
    'no',
    ['the action is `kms:GenerateDataKey`, the policy names `kms:Decrypt` or `kms:DescribeKey`'],
  ],
  ['no action', without('Action'), 'no', ['the statement has no action, so it has no effect']],
  [
    'an action that NotAction names',
    { ...without('Action'), NotAction: 'kms:*' },
    'no',
    ['NotAction names the action `kms:GenerateDataKey`'],
  ],
  [
    'another key',
    { ...encrypt, Resource: 'arn:aws:s3:::b' },
    'no',
    [`the key is \`${KEY}\`, the policy's Resource is \`arn:aws:s3:::b\`: service: policy s3, key kms`],
  ],
  ['no Resource', without('Resource'), 'no', ['the statement has no Resource, so it has no effect']],
  [
    'a key that NotResource names',
    { ...without('Resource'), NotResource: '*' },
    'no',
    [`NotResource names the key \`${KEY}\``],
  ],
  [
    'a Resource with an unknown variable',
    { ...encrypt, Resource: variable('kms:ViaService') },
    'unknown',
    ['the Resource holds a policy variable that is not known'],
  ],
  [
    'another value',
    when({ StringEquals: { 'aws:SourceArn': 'x' } }),
    'no',
    ["aws:SourceArn: the policy's value is no ARN; the policy expects StringEquals `x`"],
  ],
  [
    'an absent key',
    when({ StringLike: { 'a:none': ['x', 'y*'] } }),
    'no',
    ['a:none is absent, the policy expects `x` or `y*`'],
  ],
  [
    'an operator that is no plain equality',
    when({ NumericLessThan: { 'a:none': 5 } }),
    'no',
    ['a:none is absent, the policy expects NumericLessThan `5`'],
  ],
  [
    'presence',
    when({ Null: { 'aws:SourceArn': 'true' } }),
    'no',
    ['aws:SourceArn is present, the policy expects it absent'],
  ],
  ['absence', when({ Null: { 'a:none': 'false' } }), 'no', ['a:none is absent, the policy expects it present']],
  [
    'a key that is not known',
    when({ StringEquals: { 'kms:ViaService': 's3' } }),
    'unknown',
    ['kms:ViaService is not known, the policy expects `s3`'],
  ],
  [
    'a value whose account is told of',
    when({ ArnLike: { 'a:noted': 'arn:aws:iam::222222222222:role/x' } }),
    'no',
    [
      'a:noted: account: policy 222222222222, role 111111111111 (a note); the policy expects ArnLike `arn:aws:iam::222222222222:role/x`',
    ],
  ],
  [
    'a constrained key that may match',
    when({ StringEquals: { 'a:pinned': 'pq' } }),
    'unknown',
    ['a:pinned is `p*`, the policy expects `pq`'],
  ],
  [
    'a constrained key that cannot match',
    when({ StringEquals: { 'a:pinned': 'q' } }),
    'no',
    ['a:pinned is `p*`, the policy expects `q`'],
  ],
  [
    'an unknown key that cannot match',
    when({ 'ForAnyValue:StringNotLike': { 'kms:ViaService': '*' } }),
    'no',
    ['kms:ViaService is not known, the policy expects ForAnyValue:StringNotLike `*`'],
  ],
  [
    'several values',
    when({ StringEquals: { 'a:list': 'x' } }),
    'unknown',
    ['StringEquals is not documented for the value of a:list, `x` or `y`'],
  ],
  [
    'an unknown operator',
    when({ StringIs: { 'a:list': 'x' } }),
    'no',
    ["IAM's grammar refuses the statement: `StringIs` is no documented condition operator"],
  ],
  [
    'an open value',
    when({ NumericEquals: { 'aws:SourceArn': 'one' } }),
    'unknown',
    ['`one` is no value that NumericEquals is documented to take'],
  ],
  [
    'a variable that is not known',
    when({ StringEquals: { 'aws:SourceArn': variable('kms:ViaService') } }),
    'unknown',
    ['the policy variable for kms:ViaService is not known'],
  ],
  [
    'two conditions',
    when({ StringEquals: { 'aws:SourceArn': 'x', 'kms:ViaService': 's3' } }),
    'no',
    [
      "aws:SourceArn: the policy's value is no ARN; the policy expects StringEquals `x`",
      'kms:ViaService is not known, the policy expects `s3`',
    ],
  ],
  [
    'what AWS would refuse',
    { ...encrypt, Conditions: {}, Action: 'kms:Decrypt' },
    'no',
    [
      "IAM's grammar refuses the statement: `Conditions` is no element of a policy statement",
      'the action is `kms:GenerateDataKey`, the policy names `kms:Decrypt`',
    ],
  ],
];

describe('why a statement applies or not', () => {
  test.each(rows)('%s', (_, statement, applies, words) => {
    const [one] = explained(statement);
    expect({ applies: one?.applies, words: one?.mismatches.map(describeMismatch) }).toEqual({ applies, words });
  });

  test.each<[string, Loose, readonly string[]]>([
    ['a key that is absent', { StringNotEquals: { 'a:none': 'x' } }, ['a:none is absent, the policy spares `x`']],
    [
      'a key that is absent, under a set operator',
      { 'ForAllValues:StringLike': { 'a:none': 'x' } },
      ['a:none is absent, and ForAllValues:StringLike holds then'],
    ],
    ['absence', { Null: { 'a:none': 'true' } }, ['a:none is absent, which the policy denies']],
    ['presence', { Null: { 'a:list': 'false' } }, ['a:list is present, which the policy denies']],
    [
      'another value',
      { ArnNotLike: { 'aws:SourceArn': TRAIL.replace('111111111111', '222222222222') } },
      [
        'aws:SourceArn: account: policy 222222222222, trail 111111111111; the policy spares ArnNotLike `arn:aws:cloudtrail:us-east-1:222222222222:trail/main`',
      ],
    ],
    ['the value', { StringLike: { 'aws:SourceArn': '*' } }, [`aws:SourceArn is \`${TRAIL}\`, the policy denies \`*\``]],
  ])('how the conditions of a Deny hold: %s', (_, condition, words) => {
    const [one] = explained({ ...when(condition), Effect: 'Deny' });
    expect({ applies: one?.applies, words: one?.matched.map(({ why }) => why) }).toEqual({ applies: 'yes', words });
  });

  test.each<[string, Loose, string]>([
    [
      'another key',
      { ...encrypt, Resource: KEY.replace('1111', '2222') },
      'Resource: account: policy 222211111111, key 111111111111',
    ],
    ['no resource', without('Resource'), 'the statement has no Resource, so it has no effect'],
    [
      'many actions',
      { ...encrypt, Action: ['kms:Decrypt', 'kms:Sign', 'kms:Verify', 'kms:TagResource'] },
      'action: the policy names `kms:Decrypt` or `kms:Sign` or `kms:Verify`',
    ],
    [
      'a misspelt action',
      { ...encrypt, Action: 'kms=GenerateDataKey' },
      'action: `kms=GenerateDataKey` has no colon after `kms`',
    ],
    [
      'another service',
      { ...encrypt, Principal: { Service: 's3.amazonaws.com' } },
      'principal: the policy names `s3.amazonaws.com`',
    ],
    [
      'a principal that is none',
      { ...encrypt, Principal: 'x' },
      'IAM\'s grammar refuses the statement: Principal is neither `"*"` nor an object',
    ],
    [
      'few parts',
      when({ StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail' } }),
      'aws:SourceArn: an ARN has six parts, the value has three; the policy expects `arn:aws:cloudtrail`',
    ],
    [
      'no account',
      when({ StringEquals: { 'a:account': 'main' } }),
      "a:account: the policy's value is no account id of twelve digits; the policy expects `main`",
    ],
    ['a condition', when({ StringEquals: { 'a:none': 'x' } }), 'a:none is absent, the policy expects `x`'],
    [
      'a condition that nobody knows',
      when({ StringEquals: { 'kms:ViaService': 'x' } }),
      'kms:ViaService is not known, the policy expects `x`',
    ],
  ])('in brief: %s', (_, statement, words) => {
    const [one] = explained(statement);
    expect(one?.mismatches.map(mismatchInBrief)).toEqual([words]);
  });

  test('statements that apply come first, then the nearest miss', () => {
    const sids = explained(
      { ...encrypt, Sid: 'principal', Principal: { Service: 's3.amazonaws.com' } },
      { ...encrypt, Sid: 'resource', Resource: 'arn:aws:s3:::b' },
      { ...when({ StringEquals: { 'aws:SourceArn': 'x', 'a:none': 'y' } }), Sid: 'two conditions' },
      { ...encrypt, Sid: 'action', Action: 'kms:Decrypt' },
      { ...encrypt, Sid: 'misspelt action', Action: 'kms=GenerateDataKey' },
      { ...encrypt, Sid: 'misspelt service', Principal: { Service: 'Cloudtrail.amazonaws.com' } },
      { ...when({ StringEquals: { 'aws:SourceArn': 'x' } }), Sid: 'condition' },
      { ...when({ StringEquals: { 'kms:ViaService': 'x' } }), Sid: 'unknown' },
      { ...encrypt, Sid: 'applies' },
    ).map(({ statement }) => statement);
    expect(sids).toEqual([
      'applies',
      'unknown',
      'condition',
      'two conditions',
      'misspelt action',
      'misspelt service',
      'resource',
      'action',
      'principal',
    ]);
  });
});
