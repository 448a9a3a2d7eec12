import { evaluateDeployment } from '../../src/iac/deploymentVerdict.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import type { Report } from '../../src/report/report.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { cli } from '../cli/support.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();

const TERMS = { owner: 'security@example.com', reason: 'moves in January', expires: '2027-01-31' };
const OVER = { ...TERMS, expires: '2026-01-31' };

const trail = (metadata: object = {}, properties: object = {}) => ({
  Type: 'AWS::CloudTrail::Trail',
  Properties: { S3BucketName: 'b', ...properties },
  Metadata: metadata,
});

/** A key that everybody may use, evaluated alone. */
const key = (metadata: object) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' },
        { Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
      ],
    },
  },
  Metadata: metadata,
});

/** A key that its whole account may manage, and whoever `Who` stands for may use. */
function openKey(metadata: object) {
  const made = key(metadata);
  const { Statement } = made.Properties.KeyPolicy;
  Statement[2] = { Sid: 'Manage', Effect: 'Allow', Principal: '*', Action: 'kms:PutKeyPolicy', Resource: '*' };
  const open = { Effect: 'Allow', Principal: { AWS: { Ref: 'Who' } }, Action: 'kms:Decrypt', Resource: '*' };
  return { ...made, Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [...Statement, open] } } };
}

const template = (resources: object) => ({ Resources: resources });
const own = (...exceptions: readonly object[]) => ({ 'cloudtrail-kms': { exceptions } });
const plan = {
  format_version: '1.2',
  planned_values: {
    root_module: {
      resources: ['a', 'b'].map((index) => ({
        address: `aws_cloudtrail.main["${index}"]`,
        mode: 'managed',
        type: 'aws_cloudtrail',
        name: 'main',
        index,
        values: { name: index, s3_bucket_name: 'b' },
      })),
    },
  },
};

interface Row {
  readonly file: object;
  readonly document?: readonly object[];
  readonly args?: readonly string[];
  /** What each trail, then each key alone, has come to. */
  readonly standings: readonly string[];
  readonly states: readonly string[];
  readonly stderr?: RegExp;
}

const ROWS: Readonly<Record<string, Row>> = {
  'a logical id': {
    file: template({ T: trail(), U: trail() }),
    document: [{ address: 'T', ...TERMS }],
    standings: ['excepted', 'non-compliant'],
    states: ['in-force'],
  },
  'a part of a CDK path': {
    file: template({ T: trail({ 'aws:cdk:path': 'Legacy/Trail/Resource' }) }),
    document: [{ address: 'Legacy/*', ...TERMS }],
    standings: ['excepted'],
    states: ['in-force'],
  },
  'resource addresses of a plan': {
    file: plan,
    document: [{ address: 'aws_cloudtrail.main["a"]', ...TERMS }],
    standings: ['excepted', 'non-compliant'],
    states: ['in-force'],
  },
  'an ARN that holds whatever account, Region and name are': {
    file: template({ T: trail() }),
    document: [{ trailArn: 'arn:aws:cloudtrail:*:*:trail/*', ...TERMS }],
    standings: ['excepted'],
    states: ['in-force'],
  },
  'ARNs of two partitions settle none': {
    file: template({ T: trail() }),
    document: [
      { trailArn: 'arn:aws:cloudtrail:*:*:trail/*', ...TERMS },
      { trailArn: 'arn:aws-cn:cloudtrail:*:*:trail/*', ...TERMS },
    ],
    standings: ['non-compliant'],
    states: ['unmatched', 'unmatched'],
  },
  'an ARN that holds for some accounts only': {
    file: template({ T: trail() }),
    document: [{ trailArn: 'arn:aws:cloudtrail:*:111122223333:trail/*', ...TERMS }],
    standings: ['non-compliant'],
    states: ['unmatched'],
    stderr: /for `arn:aws:cloudtrail:\*:111122223333:trail\/\*` is for no trail or key here/,
  },
  'an ARN with the account settled': {
    file: template({ T: trail() }),
    document: [{ trailArn: 'arn:aws:cloudtrail:*:111122223333:trail/*', ...TERMS }],
    args: ['--account-id', '111122223333'],
    standings: ['excepted'],
    states: ['in-force'],
  },
  'an ARN that holds under one allowed value only': {
    file: {
      Parameters: { Name: { Type: 'String', AllowedValues: ['legacy', 'main'] } },
      ...template({ T: trail({}, { TrailName: { Ref: 'Name' }, KMSKeyId: { 'Fn::If': ['C', '', ''] } }) }),
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'Name' }, 'legacy'] } },
    },
    document: [{ trailArn: 'arn:aws:cloudtrail:*:*:trail/legacy', ...TERMS }],
    standings: ['non-compliant'],
    states: ['unmatched'],
  },
  'an exception of the document is over': {
    file: template({ T: trail() }),
    document: [{ address: 'T', ...OVER }],
    standings: ['non-compliant'],
    states: ['expired'],
    stderr: /the exception of `security@example.com` for `T` expired on 2026-01-31/,
  },
  'Metadata of a trail': {
    file: template({ T: trail(own(TERMS)), U: trail() }),
    standings: ['excepted', 'non-compliant'],
    states: ['in-force'],
  },
  'Metadata that is over': {
    file: template({ T: trail(own(OVER)) }),
    standings: ['non-compliant'],
    states: ['expired'],
    stderr: /Metadatathatisover\.json`: the exception of `security@example.com` for `T` expired on 2026-01-31/,
  },
  'Metadata of something else': {
    file: template({ B: { Type: 'AWS::S3::Bucket', Metadata: own(TERMS) } }),
    standings: [],
    states: ['unmatched'],
    stderr: /for `B` is for no trail or key here/,
  },
  'a CRITICAL check must be named': {
    file: template({ K: key(own(TERMS)) }),
    standings: ['non-compliant'],
    states: ['in-force'],
  },
  'Metadata of a key alone': {
    file: template({ K: key(own({ checks: ['public-excluded'], ...TERMS })) }),
    standings: ['excepted'],
    states: ['in-force'],
  },
  'Metadata for all that fails, beside what is undecided': {
    file: { Parameters: { Who: { Type: 'String' } }, ...template({ K: openKey(own(TERMS)) }) },
    standings: ['undecided'],
    states: ['in-force'],
  },
  'ARNs of trails except no key alone': {
    file: template({ K: key({}) }),
    document: [{ trailArn: '*', checks: ['public-excluded'], ...TERMS }],
    standings: ['non-compliant'],
    states: ['unmatched'],
  },
};

test.each(Object.entries(ROWS))('%s', async (name, { file, document, args = [], standings, states, stderr }) => {
  const path = await write(`${name.replaceAll(/\W/g, '')}.json`, JSON.stringify(file));
  const text = JSON.stringify({ version: 1, exceptions: document });
  const given = document === undefined ? [] : ['--exceptions', await write(`${name.length}-exceptions.json`, text)];
  const outcome = await cli(['check', path, '--format', 'json', ...given, ...args]);
  const { trails, keys = [], exceptions } = JSON.parse(outcome.stdout) as Report;
  expect([...trails, ...keys].map(({ standing }) => standing)).toEqual(standings);
  expect(exceptions?.map(({ state }) => state)).toEqual(states);
  expect(outcome.code).toBe(standings.includes('non-compliant') ? 1 : 0);
  if (stderr !== undefined) expect(outcome.stderr).toMatch(stderr);
});

test.each(Object.entries(ROWS).filter(([, { file, document }]) => document === undefined && 'Resources' in file))(
  'the hook says the same: %s',
  (_, { file, standings }) => {
    const source = readSource(JSON.stringify(file), 't.json');
    if (source.is !== 'template') throw new Error('no template');
    const parameters = parseParameters({ whenUndecided: 'COMPLIANT' });
    const asOf = new Date('2026-11-20T10:30:00Z');
    const verdict = evaluateDeployment(source, { parameters, accountId: '111122223333', region: null, asOf });
    expect(verdict.blocking.length > 0).toBe(standings.includes('non-compliant'));
    expect(verdict.excepted.length).toBe(standings.filter((standing) => standing === 'excepted').length);
  },
);

test('the hook does not block a key whose trail is excepted', () => {
  const trailOfKey = trail(own({ checks: ['public-excluded'], ...TERMS }), {
    KMSKeyId: { 'Fn::GetAtt': ['K', 'Arn'] },
  });
  const { K } = { K: key({}) };
  K.Properties.KeyPolicy.Statement[1] = {
    ...{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Resource: '*' },
    Action: 'kms:GenerateDataKey*',
  };
  const source = readSource(JSON.stringify(template({ T: trailOfKey, K })), 't.json');
  if (source.is !== 'template') throw new Error('no template');
  const request = {
    parameters: parseParameters({ whenUndecided: 'COMPLIANT' }),
    accountId: '111122223333',
    region: null,
  };
  const verdict = evaluateDeployment(source, { ...request, asOf: new Date('2026-11-20T10:30:00Z') });
  expect(verdict).toMatchObject({ blocking: [], keys: [] });
  expect(verdict.excepted.join()).toMatch(/^`T`: EXCEPTED until 2027-01-31 by security@example.com/);
});

test.each([
  ['no owner', { exceptions: [{ reason: 'r', expires: '2027-01-31' }] }, '.exceptions[0].owner` is missing'],
  ['no list', { exceptions: {} }, '.exceptions` is `{}`, accepted is a list'],
  ['misspelt', { exception: [TERMS] }, '.exceptions` is missing'],
  ['an address of its own', { exceptions: [{ address: 'U', ...TERMS }] }, '.exceptions[0].address` is not a member'],
  ['too far ahead', { exceptions: [{ ...TERMS, expires: '2028-01-31' }] }, '.exceptions[0].expires` is `2028-01-31`'],
  ['null', null, '` is `null`, accepted is a JSON object'],
])('Metadata that does not parse is an error of the file: %s', async (name, metadata, says) => {
  const path = await write(
    `bad${name.length}.json`,
    JSON.stringify(template({ T: trail({ 'cloudtrail-kms': metadata }) })),
  );
  const { code, stderr } = await cli(['check', path]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    `${path}\` holds exceptions that are not accepted: \`Resources.T.Metadata.cloudtrail-kms${says}`,
  );
});
