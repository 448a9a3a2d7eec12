import fc from 'fast-check';
import type { KeyPolicy } from '../../../src/policy/parse.ts';
import type { AccessRequest } from '../../../src/policy/request.ts';
import { KMS_ACTIONS } from '../../../src/trail/kmsActions.ts';
import type { RepairPlan } from '../../../src/trail/repair/plan.ts';
import { knownRequest, parsed, strayFrom } from './support.ts';

/** Requests with every key known, with values that the policies before and after tell apart. */
export function requests(policies: readonly KeyPolicy[], trailArns: readonly string[], keyArn: string) {
  const statements = policies.flatMap((policy) => policy.statements);
  const conditions = statements.flatMap((statement) => statement.conditions);
  const fill = (text: string): string => text.replaceAll('*', 'x').replaceAll('?', 'y');
  const values = [
    ...new Set([...trailArns, 'other', 'true', 'false', ...conditions.flatMap((one) => one.values.map(fill))]),
  ];
  const names = ['aws:SourceArn', 'kms:EncryptionContext:aws:cloudtrail:arn', ...conditions.map(({ key }) => key)];
  // A request carries a key once, however the policies spell it.
  const keys = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].filter(
    (key) => !/^aws:principal(isawsservice|servicename)$/i.test(key),
  );
  const services = [
    'cloudtrail.amazonaws.com',
    'unnamed.amazonaws.com',
    ...statements.flatMap(({ principal }) => principal.service),
  ];
  const callers = [
    'arn:aws:iam::999999999999:user/x',
    'arn:aws:iam::111111111111:user/x',
    ...statements.flatMap(({ principal }) => principal.aws),
  ];
  const principal = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...services).map((service) => ({ service })) },
    fc.constantFrom(...callers.filter((name) => name.startsWith('arn:'))).map((aws) => ({ aws })),
  );
  const action = fc.oneof(
    fc.constantFrom('kms:GenerateDataKey', 'kms:DescribeKey', 'kms:Decrypt'),
    fc.constantFrom(...KMS_ACTIONS),
  );
  const context = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  return fc
    .record({ principal, action, context })
    .map(
      (drawn): AccessRequest =>
        knownRequest(drawn.principal, drawn.action, keyArn, carried(drawn.principal, drawn.context)),
    );
}

/** Services call from no organization and no VPC. */
const NEVER_BY_SERVICES = /^aws:(principalorg|principaltag|sourcevpc)/i;
/** Of encryption contexts CloudTrail sends its own alone, under these names in every partition. */
const NEVER_BY_CLOUDTRAIL = /^kms:encryptioncontext:(?!aws:(cloudtrail|s3):arn$)/i;

const carried = (principal: AccessRequest['principal'], context: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(context).filter(([key]) => !isNeverSent(principal, key)));

const isNeverSent = (principal: AccessRequest['principal'], key: string): boolean =>
  'service' in principal &&
  (NEVER_BY_SERVICES.test(key) || (principal.service === 'cloudtrail.amazonaws.com' && NEVER_BY_CLOUDTRAIL.test(key)));

/** Sampled requests for which a repaired plan gives or takes what it does not name. */
export function strays(plan: RepairPlan, samples: number): readonly unknown[] {
  const policies = [plan.work!.before, parsed(plan.policy)];
  return fc
    .sample(requests(policies, plan.trailArns, plan.keyArn!), { numRuns: samples, seed: 6 })
    .flatMap((request) => {
      const stray = strayFrom(plan, request);
      return stray === null ? [] : [{ stray, request }];
    });
}
