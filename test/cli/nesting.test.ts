// Slow: `npm run quick` leaves it out.
import { readFileSync } from 'node:fs';
import { someOf, spread } from '../runs.ts';
import { fileOf } from '../support/outsideNames.ts';
import { cli } from './support.ts';

const LEVELS = 100_000;
const nested = (levels: number) => ({
  lists: `${'['.repeat(levels)}${']'.repeat(levels)}`,
  objects: `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
});
const KINDS = ['lists', 'objects'] as const;
const DEEP = nested(LEVELS);

const SNAPSHOT = readFileSync('events/snapshots/compliant.json', 'utf8');
const EVENT = JSON.parse(readFileSync('events/invocations/trail-changed.json', 'utf8'));
const POLICY = JSON.stringify(JSON.parse(SNAPSHOT).keys[0].Policy);
const compact = JSON.stringify(JSON.parse(SNAPSHOT));
const SAYS = 'is nested too deeply, accepted are at most 1100 levels';

const snapshotWith = (member: string, deep: string) =>
  compact.replace(`${JSON.stringify(member)}:`, `"${member}":${deep},"was":`);
const TEMPLATE = '{"Resources":{"T":{"Type":"AWS::CloudTrail::Trail","Properties":{"KMSKeyId":DEEP}}}}';
const YAML = 'Metadata: DEEP\nResources:\n  T:\n    Type: AWS::CloudTrail::Trail\n';
const PLAN = '{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"values":DEEP}]}}}';

type Args = (file: string) => readonly string[];
const evaluate: Args = (file) => ['evaluate', '--snapshot', file];
const check: Args = (file) => ['check', file];
const evaluating =
  (option: string): Args =>
  (file) => ['evaluate', '--snapshot', 'events/snapshots/compliant.json', option, file];

/** One of each input, deep in one place. */
const INPUTS: readonly (readonly [string, (deep: string) => string, Args])[] = [
  ['a document', (deep) => deep, evaluate],
  ['a member of a snapshot that nobody knows', (deep) => `${compact.slice(0, -1)},"x":${deep}}`, evaluate],
  ['the trails of a snapshot', (deep) => snapshotWith('trails', deep), evaluate],
  ['the version of a snapshot', (deep) => snapshotWith('version', deep), evaluate],
  ['a policy of a snapshot', (deep) => compact.replace(POLICY, deep), evaluate],
  ['a snapshot to explain', (deep) => snapshotWith('keys', deep), (file) => ['explain', '--snapshot', file]],
  ['a snapshot to repair', (deep) => snapshotWith('keys', deep), (file) => ['repair', '--snapshot', file]],
  ['an event', (deep) => `{"x":${deep}}`, evaluating('--event')],
  [
    'an item in an event',
    (deep) => JSON.stringify({ ...EVENT, invokingEvent: `{"x":${deep}}` }),
    evaluating('--event'),
  ],
  ['the parameters of an event', (deep) => JSON.stringify({ ...EVENT, ruleParameters: deep }), evaluating('--event')],
  [
    'the parameters of an event, others given',
    (deep) => JSON.stringify({ ...EVENT, ruleParameters: deep }),
    (file) => [...evaluating('--event')(file), '--parameters', '{"minimumSeverity":"LOW"}'],
  ],
  ['exceptions', (deep) => `{"version":1,"exceptions":${deep}}`, evaluating('--exceptions')],
  ['a template in JSON', (deep) => TEMPLATE.replace('DEEP', deep), check],
  ['a template in YAML', (deep) => YAML.replace('DEEP', deep), check],
  ['a plan', (deep) => PLAN.replace('DEEP', deep), check],
  [
    'template parameters',
    (deep) => `{"P":${deep}}`,
    (file) => ['check', 'events/templates/good.yaml', '--template-parameters', file],
  ],
];

describe.each(someOf(KINDS, 1))(`${LEVELS} %s`, (kind) => {
  it.each(spread(INPUTS, 8))('%s: exit code 2, one sentence', async (_, document, args) => {
    const { code, stdout, stderr } = await cli(args(fileOf(document(DEEP[kind]))));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^cloudtrail-kms: .*${SAYS}\n$`));
  });

  it('given on the command line', async () => {
    const args = ['evaluate', '--snapshot', 'events/snapshots/compliant.json', '--parameters', DEEP[kind]];
    expect(await cli(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(`\`--parameters\` ${SAYS}`) });
  });

  const request = '{"principal":{"Service":"x"},"action":"kms:Decrypt","resource":"x"}';
  it.each([
    ['a line', DEEP[kind], null],
    ['the policy of a line', `{"id":"a","policy":${DEEP[kind]},"request":${request}}`, 'a'],
    ['the request of a line', `{"id":7,"policy":{},"request":${DEEP[kind]}}`, 7],
    ['the id of a line', `{"id":${DEEP[kind]},"policy":{},"request":${request}}`, null],
  ])('%s of simulate is invalid, and the stream goes on', async (_, line, id) => {
    const { code, stdout } = await cli(['simulate'], { stdin: `${line}\n{"id":"next"}\n` });
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect([code, first]).toEqual([0, { id, decision: 'invalid', error: `the line ${SAYS}` }]);
    expect(second).toMatchObject({ id: 'next', decision: 'invalid' });
  });
});

/** As deep as a policy can be and no larger than KMS takes. */
const FITTING = { lists: nested(15_500).lists, objects: nested(5_300).objects };

describe.each(someOf(KINDS, 1))('a policy as text, within the size that KMS takes, of %s', (kind) => {
  const statement = (members: string) =>
    `{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*",${members}}]}`;
  const policies: readonly (readonly [string, string])[] = [
    ['as a whole', FITTING[kind]],
    ['its statements', `{"Version":"2012-10-17","Statement":${FITTING[kind]}}`],
    ['an action', statement(`"NotAction":${FITTING[kind]}`)],
    ['a principal', statement(`"NotPrincipal":${FITTING[kind]}`)],
    ['a condition', statement(`"Condition":${FITTING[kind]}`)],
    ['a value of a condition', statement(`"Condition":{"StringEquals":{"aws:x":${FITTING[kind]}}}`)],
    ['an Id', statement('"Sid2":1').replace('{', `{"Id":${FITTING[kind]},`)],
  ];
  it.each(spread(policies, 3))('%s: a verdict, and no crash', async (_, policy) => {
    const file = fileOf(compact.replace(POLICY, JSON.stringify(policy)));
    const commands = [
      ['repair'],
      ['evaluate', '--format', 'html'],
      ['evaluate', '--format', 'json'],
      ['evaluate', '--format', 'sarif'],
      ['explain'],
    ];
    for (const args of someOf(commands, 1)) {
      const { code, stderr } = await cli([...args, '--snapshot', file]);
      expect([args, code, stderr]).toEqual([args, code > 1 ? 'at most 1' : code, '']);
    }
    const simulated = `{"id":"1","policy":${JSON.stringify(policy)},"request":{"principal":{"Service":"x"},"action":"kms:Decrypt","resource":"x"}}`;
    expect(JSON.parse((await cli(['simulate'], { stdin: simulated })).stdout)).toMatchObject({ id: '1' });
    const template = {
      Resources: {
        T: { Type: 'AWS::CloudTrail::Trail', Properties: { KMSKeyId: { 'Fn::GetAtt': ['K', 'Arn'] } } },
        K: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policy } },
      },
    };
    expect((await cli(['check', fileOf(JSON.stringify(template))])).code).toBeLessThan(2);
  });
});
