import { authorize } from '../../src/policy/authorize.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, present, unknown } from '../../src/policy/request.ts';
import { type Measurement, median } from './budget.ts';

const account = '111122223333';
const trail = `arn:aws:cloudtrail:us-east-1:${account}:trail/main`;
const key = `arn:aws:kms:us-east-1:${account}:key/11111111-2222-3333-4444-555555555555`;

/** What CloudTrail's console writes for a new key ("Default KMS key policy created in CloudTrail console"). */
const consolePolicy = {
  Version: '2012-10-17',
  Id: 'Key policy created by CloudTrail',
  Statement: [
    allow('Administer', { AWS: [`arn:aws:iam::${account}:root`, `arn:aws:iam::${account}:user/admin`] }, 'kms:*'),
    allow('Encrypt', { Service: 'cloudtrail.amazonaws.com' }, 'kms:GenerateDataKey*', {
      StringEquals: { 'aws:SourceArn': trail },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${account}:trail/*` },
    }),
    allow('Describe', { Service: 'cloudtrail.amazonaws.com' }, 'kms:DescribeKey'),
    allow('Read', { AWS: '*' }, ['kms:Decrypt', 'kms:ReEncryptFrom'], {
      StringEquals: { 'kms:CallerAccount': account },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${account}:trail/*` },
    }),
    allow('ReadFromElsewhere', { AWS: '*' }, ['kms:Decrypt', 'kms:ReEncryptFrom'], {
      StringEquals: { 'kms:CallerAccount': '444455556666' },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${account}:trail/*` },
    }),
  ],
};

const logFile: AccessRequest = {
  principal: { service: 'cloudtrail.amazonaws.com' },
  action: 'kms:GenerateDataKey',
  resource: key,
  context: {
    'aws:SourceArn': present(trail),
    'aws:SourceAccount': present(account),
    'aws:PrincipalIsAWSService': present('true'),
    'aws:PrincipalServiceName': present('cloudtrail.amazonaws.com'),
    'kms:EncryptionContext:aws:cloudtrail:arn': present(trail),
    'kms:EncryptionContext:aws:s3:arn': present(`arn:aws:s3:::logs/AWSLogs/${account}/CloudTrail/us-east-1/x.json.gz`),
  },
  otherKeys: 'absent',
};

/** Decisions a second of CPU, all keys known, the policy parsed once; the best of seven. */
export function decisionsASecond(): Measurement {
  const policy = parsed(consolePolicy);
  const { outcome } = authorize(policy, logFile);
  if (outcome !== 'allowed') throw new Error(`the five-statement policy is \`${outcome}\`, not \`allowed\``);
  const rates = Array.from({ length: 7 }, () => {
    const started = process.cpuUsage();
    const spent = (): number => {
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1_000;
    };
    let decided = 0;
    for (; spent() < 300; decided += 1_000) {
      for (let repeat = 0; repeat < 1_000; repeat++) authorize(policy, logFile);
    }
    return (decided * 1_000) / spent();
  });
  return {
    what: 'authorize: five statements, all keys known',
    measured: Math.max(...rates),
    limit: 100_000,
    bound: 'at least',
    unit: ' decisions/s',
  };
}

/**
 * Twelve wildcard patterns on one unknown key. Every value and its absence is allowed, by one statement or by the other,
 * so that only the proof over all worlds settles it. Each round is a policy that was never seen before.
 */
export function exactAnswer(): Measurement {
  const times = Array.from({ length: 25 }, (_, round) => {
    const patterns = Array.from({ length: 12 }, (_, index) => `arn:aws:iam::*:role/team-${round}-${index}-*`);
    const policy = parsed({
      Version: '2012-10-17',
      Statement: [
        allow('Teams', '*', 'kms:Decrypt', { StringLike: { 'aws:PrincipalArn': patterns } }),
        allow('Others', '*', 'kms:Decrypt', { StringNotLike: { 'aws:PrincipalArn': patterns } }),
      ],
    });
    const request: AccessRequest = {
      principal: { service: 'cloudtrail.amazonaws.com' },
      action: 'kms:Decrypt',
      resource: key,
      context: { 'aws:PrincipalArn': unknown },
      otherKeys: 'absent',
    };
    const started = performance.now();
    const { outcome, reason } = authorize(policy, request);
    const took = performance.now() - started;
    if (outcome !== 'allowed') throw new Error(`the twelve patterns are \`${outcome}\`, not \`allowed\`: ${reason}`);
    return took;
  });
  return {
    what: 'authorize: exact over 12 wildcard patterns on one unknown key',
    measured: median(times),
    limit: 5,
    bound: 'at most',
    unit: ' ms',
    note: `slowest ${Math.max(...times).toFixed(2)} ms`,
  };
}

function parsed(document: unknown): KeyPolicy {
  const parse = parseKeyPolicy(document);
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
}

function allow(Sid: string, Principal: unknown, Action: unknown, Condition?: unknown) {
  return { Sid, Effect: 'Allow', Principal, Action, Resource: '*', ...(Condition ? { Condition } : {}) };
}
