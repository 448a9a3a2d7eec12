import { type CompiledStatement, matchesAction } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { type AccessRequest, absent, present } from '../../policy/request.ts';
import { keyIdentity, principalAccount } from '../arn.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { neverSent } from '../conditionKeys/context.ts';
import { isKmsAction, KMS_ACTIONS } from '../kmsActions.ts';
import { distinct } from '../policyNames.ts';

/** A service that no policy names: it stands for every service that only a statement for everyone covers. */
const UNNAMED_SERVICE = 'unnamed.amazonaws.com';
const UNNAMED_ACCOUNT = '000000000000';

/**
 * Requests that stand for all that anybody can make of the key: one for each principal that the policies tell apart and
 * each action that they tell apart, with every condition key that the principal's kind leaves open unknown.
 */
export function sampleRequestsOf(policies: readonly KeyPolicy[], keyArn: string): readonly AccessRequest[] {
  const actions = actionsOf(policies);
  const services = distinct([CLOUDTRAIL, ...namesOf(policies, 'service'), UNNAMED_SERVICE]);
  const callers = callersOf(distinct(namesOf(policies, 'aws')), keyArn);
  return actions.flatMap((action) => [
    ...services.map((service) => serviceSample(service, action, keyArn, policies)),
    ...callers.map((arn) => callerSample(arn, action, keyArn)),
  ]);
}

const namesOf = (policies: readonly KeyPolicy[], kind: 'aws' | 'service'): readonly string[] =>
  policies.flatMap(({ statements }) => statements.flatMap(({ principal }) => principal[kind]));

/** One action for each set of statements that speak of it and of condition keys that its requests never carry. */
function actionsOf(policies: readonly KeyPolicy[]): readonly string[] {
  const statements = policies.flatMap(({ compiled }): readonly CompiledStatement[] => compiled);
  const entries = statements.flatMap(({ statement }) => statement.action?.patterns ?? []);
  const unreal = entries.filter((entry) => !isKmsAction(entry));
  const candidates = [...KMS_ACTIONS, ...unreal.map((entry) => entry.replaceAll('*', '').replaceAll('?', 'x'))];
  const byKind = new Map<string, string>();
  for (const action of candidates) {
    const speakers = statements.map((statement) => (matchesAction(statement, action) ? '1' : '0')).join('');
    const kind = [speakers, ...Object.keys(neverSent(policies, action)).sort()].join(' ');
    if (!byKind.has(kind)) byKind.set(kind, action);
  }
  return [...byKind.values()];
}

/** Everybody who is named, and somebody unnamed of each account, of none that is named too. */
function callersOf(names: readonly string[], keyArn: string): readonly string[] {
  const [, partition = 'aws', , , keyAccount = ''] = keyArn.split(':');
  const accounts = distinct([keyAccount, UNNAMED_ACCOUNT, ...names.flatMap((name) => principalAccount(name) ?? [])]);
  return distinct([
    ...names.filter((name) => name.startsWith('arn:')),
    ...accounts.map((account) => `arn:${partition}:iam::${account}:role/unnamed`),
  ]);
}

function serviceSample(service: string, action: string, keyArn: string, policies: readonly KeyPolicy[]): AccessRequest {
  const absentKeys = Object.entries(neverSent(policies, action));
  // What holds of CloudTrail's calls need not hold of another service's: each has an encryption context of its own.
  const shared = absentKeys.filter(([key]) => service === CLOUDTRAIL || !/^kms:encryptioncontext/i.test(key));
  const context = {
    ...Object.fromEntries(shared),
    'aws:PrincipalIsAWSService': present('true'),
    'aws:PrincipalServiceName': present(service),
    'aws:ResourceAccount': present(keyIdentity(keyArn)?.accountId ?? ''),
  };
  return { principal: { service }, action, resource: keyArn, context, otherKeys: 'unknown' };
}

function callerSample(arn: string, action: string, keyArn: string): AccessRequest {
  const context = {
    'aws:PrincipalIsAWSService': present('false'),
    'aws:PrincipalServiceName': absent,
  };
  return { principal: { aws: arn }, action, resource: keyArn, context, otherKeys: 'unknown' };
}

/** The principal of a request in words. */
export const principalOf = ({ principal }: AccessRequest): string =>
  'service' in principal ? principal.service : principal.aws;
