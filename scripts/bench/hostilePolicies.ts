/** Key policies of at most 32 KB that are made to keep an evaluation busy, each from a seed. */

type Random = (below: number) => number;
type Members = Readonly<Record<string, unknown>>;

/** A small linear congruential generator: the same policies on every machine. */
export function randomFrom(seed: number): Random {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ACCOUNT = '111122223333';
const LARGEST = 32_000;

const some = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const statement = (random: Random, Condition: Members, more: Members = {}): Members => ({
  Effect: some(random, ['Allow', 'Deny']),
  Principal: '*',
  Action: some(random, ['kms:*', ['kms:Decrypt', 'kms:GenerateDataKey*'], 'kms:Decrypt']),
  Resource: '*',
  Condition,
  ...more,
});

/** A text of letters of a small alphabet, stars and question marks. */
const pattern = (random: Random, alphabet: string, length: number): string =>
  times(length, () => some(random, [...alphabet])).join('');

const TEXT = [
  'StringLike',
  'StringNotLike',
  'ForAnyValue:StringLike',
  'ForAllValues:StringLike',
  'ArnLike',
  'ArnNotLike',
];
const KEYS = ['aws:PrincipalArn', 'aws:userid', 'aws:SourceVpc', 'aws:PrincipalTag/team', 'kms:ViaService', 'aws:Via'];

type Generator = (random: Random, index: number) => Members;

/** By name: what makes one statement after the other, until the policy is full. */
export const GENERATORS: Readonly<Record<string, Generator>> = {
  'stars on one key': (random) =>
    statement(random, {
      [some(random, ['StringLike', 'StringNotLike'])]: {
        'aws:PrincipalArn': times(1 + random(3), () => `*${pattern(random, 'abc*?', 3 + random(12))}*`),
      },
    }),
  'roles by name': (random, index) =>
    statement(random, {
      [some(random, ['StringLike', 'StringNotLike'])]: {
        'aws:PrincipalArn': [
          `arn:aws:iam::*:role/*${pattern(random, 'abcdefgh', 1)}*${pattern(random, 'abcdefgh', 1)}*`,
          `*${index % 10}*:role/?${index % 10}*`,
        ],
      },
    }),
  'runs of question marks': (random) =>
    statement(random, {
      [some(random, ['StringLike', 'StringNotLike'])]: {
        'aws:userid': times(1 + random(3), () => `*${pattern(random, 'ab', 1)}${'?'.repeat(4 + random(20))}*`),
      },
    }),
  'many keys': (random) =>
    statement(random, {
      [some(random, TEXT)]: Object.fromEntries(
        times(3 + random(3), () => [some(random, KEYS), `*${pattern(random, 'abcd*', 3)}*`]),
      ),
      Bool: {
        'aws:MultiFactorAuthPresent': some(random, ['true', 'false']),
        'aws:ViaAWSService': some(random, ['true', 'false']),
      },
      [some(random, ['IpAddress', 'NotIpAddress'])]: { 'aws:SourceIp': `10.${random(200)}.0.0/16` },
    }),
  'keys that exclude each other': (random) =>
    statement(random, {
      Null: Object.fromEntries(
        times(2 + random(3), () => [`aws:PrincipalTag/t${random(24)}`, some(random, ['true', 'false'])]),
      ),
    }),
  'addresses and dates': (random) =>
    statement(random, {
      [some(random, ['IpAddress', 'NotIpAddress'])]: {
        'aws:SourceIp': times(1 + random(12), () => `10.${random(256)}.${random(256)}.0/${16 + random(12)}`),
      },
      [some(random, ['DateLessThan', 'DateGreaterThan'])]: {
        'aws:TokenIssueTime': String(1_700_000_000 + random(10 ** 7)),
      },
    }),
  'numbers and sizes': (random) =>
    statement(random, {
      [some(random, ['NumericLessThan', 'NumericGreaterThan', 'NumericEquals', 'NumericNotEquals'])]: {
        'aws:MultiFactorAuthAge': times(1 + random(8), () => random(5_000)),
      },
    }),
  'sets of values': (random) =>
    statement(random, {
      [some(random, ['ForAllValues:StringLike', 'ForAnyValue:StringNotLike', 'ForAnyValue:StringLike'])]: {
        'aws:PrincipalOrgPaths': times(
          1 + random(4),
          () => `o-${pattern(random, 'abc*', 5)}/r-*/${pattern(random, 'ab*', 4)}*`,
        ),
        'aws:TagKeys': times(1 + random(3), () => pattern(random, 'ab*', 4)),
      },
    }),
  variables: (random) =>
    statement(random, {
      [some(random, TEXT)]: {
        [some(random, KEYS)]: [
          `*$\{aws:PrincipalTag/${pattern(random, 'ab', 1)}}${pattern(random, 'ab*', 3)}`,
          pattern(random, 'ab*', 4),
        ],
      },
    }),
  'parts of account ids': (random) =>
    statement(random, {
      [some(random, ['StringLike', 'StringNotLike'])]: {
        [some(random, [
          'kms:CallerAccount',
          'aws:PrincipalAccount',
          'aws:PrincipalArn',
        ])]: `*${random(1_000)}*${random(10)}*`,
      },
    }),
  'accounts and roles by name': (random) => ({
    ...statement(random, { StringNotLike: { 'aws:userid': `*${pattern(random, 'ab*', 5)}*` } }),
    Principal: undefined,
    [some(random, ['Principal', 'Principal', 'NotPrincipal'])]: {
      AWS: times(1 + random(6), () => {
        const account = String(10 ** 11 + random(10 ** 9)).slice(0, 12);
        return some(random, [`arn:aws:iam::${account}:root`, account, `arn:aws:iam::${account}:role/r${random(99)}`]);
      }),
    },
  }),
  organizations: (random) =>
    statement(random, {
      [some(random, ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotEqualsIfExists'])]: {
        'aws:PrincipalOrgID': `o-${pattern(random, 'abcdefghij0123456789', 10)}`,
      },
      StringNotLike: { 'aws:PrincipalArn': `*${pattern(random, 'abc*', 5)}*` },
    }),
};

/** Effects set apart: what is denied is what is hard to prove. */
const mixed: Generator = (random, index) => some(random, Object.values(GENERATORS))(random, index);

/** A policy that is as large as KMS takes, or a share of that, by one of the generators or by all of them. */
export function hostilePolicy(seed: number): { readonly name: string; readonly policy: Members } {
  const random = randomFrom(seed);
  const names = [...Object.keys(GENERATORS), 'mixed'];
  const name = names[seed % names.length] as string;
  const generate = GENERATORS[name] ?? mixed;
  const largest = some(random, [3_000, 8_000, 16_000, LARGEST, LARGEST]);
  const deniedIn = some(random, [2, 4, 10]);
  const Statement: Members[] = [
    {
      Sid: 'Root',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Encrypt',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
    },
  ];
  for (let size = 600; size < largest; ) {
    const made = generate(random, Statement.length);
    const next = { Sid: `S${Statement.length}`, ...made, Effect: random(deniedIn) === 0 ? made.Effect : 'Deny' };
    size += JSON.stringify(next).length + 1;
    if (size < largest) Statement.push(next);
  }
  return { name, policy: { Version: '2012-10-17', Statement } };
}
