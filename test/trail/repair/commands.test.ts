import { kmsCommand, putKeyPolicyCommand, quoted } from '../../../src/trail/repair/commands.ts';

const KEY = 'arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-1';

test.each([
  ['a plain word', 'arn:aws:kms:x', 'arn:aws:kms:x'],
  ['JSON', '{"a":1}', `'{"a":1}'`],
  ['a quote', "it's", `'it'\\''s'`],
  ['a command', 'x; rm -rf /', `'x; rm -rf /'`],
  ['nothing', '', "''"],
  ['a substitution', '$(id)`id`', "'$(id)`id`'"],
])('%s is one word of a shell', (_, word, expected) => expect(quoted(word)).toBe(expected));

test('KMS is called in the Region of the key', () =>
  expect(kmsCommand('enable-key', KEY)).toBe(`aws kms enable-key --region cn-north-1 --key-id ${KEY}`));

test('a policy is written without bypassing the lockout safety check', () =>
  expect(putKeyPolicyCommand(KEY, '{"Sid":"it\'s"}')).toBe(
    `aws kms put-key-policy --region cn-north-1 --key-id ${KEY} --policy-name default --policy '{"Sid":"it'\\''s"}'`,
  ));
