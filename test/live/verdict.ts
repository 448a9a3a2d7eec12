import { createClients } from '../../src/aws/clients.ts';
import { awsPorts } from '../../src/aws/ports.ts';
import { evaluateTrails } from '../../src/rule/evaluate/evaluateTrails.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import type { CheckId, FindingStatus } from '../../src/trail/finding.ts';
import type { Sandbox } from './sandbox.ts';

const clients = createClients();

export interface RuleAnswer {
  /** `cloudtrail-can-encrypt` */
  readonly encrypt: FindingStatus;
  /** `cloudtrail-can-describe` */
  readonly describe: FindingStatus;
}

/** What the rule says, through its own adapters, of the sandbox's trail and key. */
export async function verdictOn(sandbox: Sandbox, accountId: string, region: string): Promise<RuleAnswer> {
  const ports = awsPorts(clients, {
    accountId,
    region,
    configRuleName: null,
    resultToken: 'TESTMODE',
    readRotation: false,
    readResourceControlPolicies: false,
    aggregatorName: null,
    caller: 'the live test',
    reach: {
      home: { accountId, partition: 'aws', region },
      memberRoleName: null,
      keyReaderRoleName: null,
      externalId: null,
      expected: { accounts: [], organizationId: null },
    },
    signal: new AbortController().signal,
  });
  const trail = {
    arn: sandbox.trailArn,
    name: sandbox.trailName,
    partition: 'aws',
    accountId,
    homeRegion: region,
    kmsKeyId: sandbox.keyArn,
    bucketName: sandbox.bucketName,
    keyPrefix: null,
    isMultiRegion: false,
    isOrganization: false,
    logFileValidation: false,
    hasInsightSelectors: false,
  };
  const [verdict] = await evaluateTrails([trail], ports, parseParameters({}));
  const status = (id: CheckId): FindingStatus => {
    const finding = verdict?.findings.find(({ check }) => check === id);
    if (!finding) throw new Error(`the rule has no finding on ${id}`);
    return finding.status;
  };
  return { encrypt: status('cloudtrail-can-encrypt'), describe: status('cloudtrail-can-describe') };
}
