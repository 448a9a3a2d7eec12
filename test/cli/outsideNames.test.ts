// Slow: `npm run quick` leaves it out.
import { readFileSync } from 'node:fs';
import { someOf } from '../runs.ts';
import { expectSame, fileOf, harmless, NAMES, written } from '../support/outsideNames.ts';
import { cli } from './support.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const BASE = JSON.parse(readFileSync('events/snapshots/compliant.json', 'utf8'));

const ALLOW = {
  Sid: 'NAME',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
};
const withKey = (members: object) => ({ ...BASE, keys: [{ ...BASE.keys[0], ...members }] });
const withStatement = (members: object) =>
  withKey({
    Policy: { ...BASE.keys[0].Policy, Statement: [...BASE.keys[0].Policy.Statement, { ...ALLOW, ...members }] },
  });
const conditions = (operator: string, key: string) => ({ Condition: { [operator]: { [key]: 'NAME' } } });
const renamed = (text: string, to: string) => JSON.parse(JSON.stringify(BASE).replaceAll(text, to));

describe.each(someOf(NAMES, 1))('evaluate: %s', (name) => {
  it.each<[string, unknown]>([
    ['the Sid', withStatement({})],
    ['a condition key', withStatement(conditions('StringEquals', 'NAME'))],
    ['a condition key of a Deny', withStatement({ Effect: 'Deny', ...conditions('StringNotEquals', 'NAME') })],
    ['a key of the encryption context', withStatement(conditions('StringLike', 'kms:EncryptionContext:NAME'))],
    ['a tag', withStatement(conditions('StringEquals', 'aws:ResourceTag/NAME'))],
    ['an operator', withStatement(conditions('NAME', 'aws:SourceArn'))],
    ['a type of principal', withStatement({ Principal: { NAME: '*' } })],
    ['a principal', withStatement({ Principal: { AWS: 'NAME' } })],
    ['an element', withStatement({ NAME: { Action: 'kms:*' } })],
    ['a member of the policy', withKey({ Policy: { ...BASE.keys[0].Policy, NAME: [ALLOW] } })],
    ['an action', withStatement({ Action: 'kms:NAME' })],
    ['the state of the key', withKey({ KeyMetadata: { ...BASE.keys[0].KeyMetadata, KeyState: 'NAME' } })],
    ['who manages it', withKey({ KeyMetadata: { ...BASE.keys[0].KeyMetadata, KeyManager: 'NAME' } })],
    ['its spec', withKey({ KeyMetadata: { ...BASE.keys[0].KeyMetadata, KeySpec: 'NAME' } })],
    ['a member of a key', withKey({ NAME: { Error: { Code: 'x' } } })],
    ['an alias', withKey({ Aliases: ['alias/NAME'] })],
    ['a grant', withKey({ Grants: [{ GrantId: 'NAME', GranteePrincipal: 'NAME', Operations: ['NAME'] }] })],
    ['an error', withKey({ Policy: { Error: { Code: 'NAME', Message: 'NAME' } } })],
    ['the name of the trail', renamed('trail/main', 'trail/NAME')],
    ['the bucket', renamed('example-cloudtrail-logs-111122223333', 'NAME')],
    ['a member of the snapshot', { ...BASE, NAME: { trails: [] } }],
  ])('%s', async (_, document) => {
    const commands = [['evaluate', '--format', 'json'], ['repair', '--format', 'json'], ['explain']];
    for (const command of someOf(commands, 2))
      await expectSame(document, name, (file) => [...command, '--snapshot', file]);
  });

  it.each([
    ['a parameter', (one: string) => ['--parameters', `{"${one}":"x"}`]],
    ['a value', (one: string) => ['--parameters', `{"minimumSeverity":"${one}"}`]],
    ['a check id', (one: string) => ['--parameters', `{"securityHubExclude":"${one}"}`]],
    ['a trail', (one: string) => ['--exceptions', fileOf(`{"version":1,"exceptions":[{"trailArn":"${one}"}]}`)]],
    [
      'a member of the exceptions',
      (one: string) => ['--exceptions', fileOf(`{"version":1,"exceptions":[],"${one}":1}`)],
    ],
  ])('%s is refused', async (_, more) => {
    const answer = async (one: string) => {
      const { code, stderr } = await cli(['evaluate', '--snapshot', 'events/snapshots/compliant.json', ...more(one)]);
      return { code, stderr: stderr.replaceAll(one, harmless(one)) };
    };
    expect(await answer(name)).toEqual(await answer(harmless(name)));
    expect((await answer(name)).code).toBe(2);
  });

  it('the status of an item in an event', async () => {
    const invokingEvent = JSON.parse(readFileSync('events/invocations/trail-changed.json', 'utf8'));
    const inner = JSON.parse(invokingEvent.invokingEvent);
    inner.configurationItem.configurationItemStatus = 'NAME';
    const document = { ...invokingEvent, invokingEvent: JSON.stringify(inner) };
    const args = (file: string) => ['evaluate', '--snapshot', 'events/snapshots/compliant.json', '--event', file];
    await expectSame(document, name, args);
  });
});

describe.each(NAMES)('simulate: %s', (name) => {
  const policy = (Condition: object) => ({ Version: '2012-10-17', Statement: [{ ...ALLOW, Condition }] });
  const request = (members: object) => ({
    principal: { Service: 'cloudtrail.amazonaws.com' },
    action: 'kms:GenerateDataKey',
    resource: KEY,
    ...members,
  });
  it.each<[string, unknown, string]>([
    [
      'a key that is known',
      { policy: policy({ StringEquals: { NAME: 'x' } }), request: request({ context: { NAME: 'x' } }) },
      'allowed',
    ],
    [
      'with another value',
      { policy: policy({ StringEquals: { NAME: 'x' } }), request: request({ context: { NAME: 'y' } }) },
      'denied',
    ],
    ['a key that nobody gives', { policy: policy({ StringEquals: { NAME: 'x' } }), request: request({}) }, 'denied'],
    ['that must be absent', { policy: policy({ Null: { NAME: 'true' } }), request: request({}) }, 'allowed'],
    [
      'that is null',
      { policy: policy({ Null: { NAME: 'true' } }), request: request({ context: { NAME: null } }) },
      'allowed',
    ],
    [
      'a key that is unknown',
      { policy: policy({ StringEquals: { NAME: 'x' } }), request: request({ unknown: ['NAME'] }) },
      'unknown',
    ],
    [
      'that is in every world',
      { policy: policy({ StringLike: { NAME: '*' } }), request: request({ unknown: ['NAME'] }) },
      'unknown',
    ],
    [
      'a list of values',
      {
        policy: policy({ 'ForAnyValue:StringEquals': { NAME: ['x'] } }),
        request: request({ context: { NAME: ['y', 'x'] } }),
      },
      'allowed',
    ],
    [
      'a variable',
      {
        policy: policy({ StringEquals: { 'aws:x': `\${NAME}` } }),
        request: request({ context: { 'aws:x': 'a', NAME: 'a' } }),
      },
      'allowed',
    ],
    [
      'an unknown variable',
      {
        policy: policy({ StringEquals: { 'aws:x': `\${NAME}` } }),
        request: request({ context: { 'aws:x': 'a' }, unknown: ['NAME'] }),
      },
      'unknown',
    ],
    ['a member of the request', { policy: policy({}), request: request({ NAME: 'x' }) }, 'invalid'],
    ['a type of principal', { policy: policy({}), request: request({ principal: { NAME: 'x' } }) }, 'invalid'],
  ])('%s', async (_, line, decision) => {
    const answer = async (one: string) => {
      const { stdout } = await cli(['simulate'], { stdin: written({ id: '1', ...(line as object) }, one) });
      return JSON.parse(stdout.replaceAll(one, harmless(one)));
    };
    expect(await answer(name)).toEqual(await answer(harmless(name)));
    expect((await answer(name)).decision).toBe(decision);
  });
});
