import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { isSamePolicy } from '../../src/remediate/samePolicy.ts';
import { evaluateTrails } from '../../src/rule/evaluate/evaluateTrails.ts';
import { NO_EXCEPTIONS } from '../../src/rule/exceptions/exceptions.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { read } from '../../src/trail/facts.ts';
import { answerPlainly, KEY_ARN, ports, trail } from './support/answers.ts';

const kms = mockClient(KMSClient);
/** As deep as a policy can be within the size that KMS takes. */
const LISTS = `${'['.repeat(15_500)}${']'.repeat(15_500)}`;
const OBJECTS = `${'{"a":'.repeat(5_300)}1${'}'.repeat(5_300)}`;
const condition = (deep: string) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"aws:userid":${deep}}}}]}`;

beforeEach(() => {
  kms.reset();
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: KEY_ARN, KeyId: 'k', KeyState: 'Enabled' } });
});

it.each([
  ['lists', LISTS],
  ['objects', OBJECTS],
  ['lists in a condition', condition(LISTS)],
  ['objects in a condition', condition(OBJECTS)],
])('a live policy of %s proves nothing, and crashes nothing', async (_, Policy) => {
  kms.on(GetKeyPolicyCommand).resolves({ Policy });
  answerPlainly(kms);
  const live = ports();
  const offline = {
    ...live,
    trailStatus: async () =>
      read({ isLogging: true, latestDeliveryTime: null, latestDeliveryError: null, latestDigestDeliveryError: null }),
    bucket: async () =>
      read({ region: read('eu-west-1'), encryption: read({ algorithm: 'AES256', bucketKeyEnabled: false }) }),
    organizationId: async () => read(null),
  };
  const parameters = parseParameters({});
  const [verdict] = await evaluateTrails([trail], offline, parameters, NO_EXCEPTIONS);
  expect(verdict?.complianceType).toBe('NON_COMPLIANT');
  expect(verdict?.findings.find(({ check }) => check === 'cloudtrail-can-encrypt')?.status).not.toBe('pass');
  expect(isSamePolicy(Policy, `${Policy} `)).toBe(false);
  expect(isSamePolicy(Policy, Policy)).toBe(true);
});
