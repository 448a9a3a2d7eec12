import { parseJsonText } from '../../rule/jsonText.ts';
import { parseArn } from '../../trail/arn.ts';
import type { SettledBy } from '../../trail/remedy/steps.ts';
import type { Deployment } from '../cloudformation/template.ts';
import { isObject, type Json, member, textsIn } from '../json.ts';
import type { DeploymentPlace } from '../model.ts';
import { partitionOf, partitionsIn } from '../partition.ts';
import type { Deployed } from '../project/deployed.ts';
import type { References } from '../reference.ts';
import { type Instance, type Plan, plannedText } from './plan.ts';
import { constantText } from './targets.ts';

/** What finding a place works with. */
export interface Atlas {
  readonly plan: Plan;
  readonly references: References;
  readonly deployment: Deployment;
  /** What is there already; `null`: not known. */
  readonly deployed: Deployed | null;
}

/**
 * Where a resource is deployed.
 *
 * @param policy the key policy, whose only root may tell the account
 */
export function placeOf(atlas: Atlas, instance: Instance, policy: Json | null): DeploymentPlace {
  const { plan, references, deployment } = atlas;
  const arn = parseArn(plannedText(instance, 'arn') ?? '');
  const key = instance.providerKey;
  const region = firstText(
    () => (arn?.region === '' ? null : arn?.region),
    () => plannedText(instance, 'region'),
    () => providerRegion(plan, key),
    () => only(read(plan, key, 'aws_region', ['region', 'name', 'id'], (other) => localName(other) === localName(key))),
    () => deployment.region,
  );
  const accountId = firstText(
    () => (arn?.accountId === '' ? null : arn?.accountId),
    () => only(read(plan, key, 'aws_caller_identity', ['account_id'], (other) => isSameAccount(plan, key, other))),
    () => only(accountsOfArns(plan, key)),
    () => deployment.accountId,
    () => (policy === null ? null : only(rootsIn(policy))),
  );
  const partition = firstText(
    () => arn?.partition,
    () => (region === null ? null : partitionOf(region)),
    () => only(partitionsIn(JSON.stringify(plan.document))),
  );
  return {
    partition: partition ?? references.token(open('partition', key, 'partition', 'region')),
    accountId: accountId ?? references.token(open('account', key, 'account', 'account')),
    region: region ?? references.token(open('region', key, 'Region', 'region')),
  };
}

/** One for each provider: two resources of one provider are in one account. */
const open = (kind: 'partition' | 'account' | 'region', key: string | null, what: string, settledBy: SettledBy) => ({
  id: `${kind} of ${key ?? 'the provider'}`,
  name: `${what} of provider ${key ?? 'aws'}`,
  kind,
  choices: null,
  settledBy,
});

function firstText(...sources: readonly (() => string | null | undefined)[]): string | null {
  for (const source of sources) {
    const text = source();
    if (text !== null && text !== undefined) return text;
  }
  return null;
}

function only(values: Iterable<string>): string | null {
  const [first, ...others] = new Set(values);
  return first === undefined || others.length > 0 ? null : first;
}

/**
 * What data sources of one type say; those of the resource's own provider alone where there are any.
 *
 * @param isAlike whether what another provider says is true of this one as well
 */
function read(
  plan: Plan,
  key: string | null,
  type: string,
  names: readonly string[],
  isAlike: (other: string | null) => boolean,
): readonly string[] {
  const sources = plan.instances.filter((instance) => instance.isData && instance.type === type);
  const own = sources.filter((instance) => instance.providerKey === key);
  const alike = sources.filter((instance) => isAlike(instance.providerKey));
  return (own.length > 0 ? own : alike).flatMap((instance) => {
    const found = names.map((name) => plannedText(instance, name)).find((text) => text !== null);
    return found ?? [];
  });
}

/** The name of a provider without the module that it is used in. */
const localName = (key: string | null): string => (key === null ? 'aws' : key.slice(key.lastIndexOf(':') + 1));

/** What of a provider's configuration has no say in which account it works in. */
const NOT_ACCOUNT = ['region', 'default_tags', 'ignore_tags', 'max_retries', 'retry_mode', 'allowed_account_ids'];

/** Whether two providers sign in the same way. */
function isSameAccount({ document }: Plan, one: string | null, other: string | null): boolean {
  const [settings, others] = [one, other].map((key) => {
    const providers = member(document, 'configuration', 'provider_config');
    const own = key === null ? undefined : member(providers, key, 'expressions');
    const expressions = own ?? member(providers, localName(key), 'expressions');
    const entries = Object.entries(isObject(expressions) ? expressions : {});
    return JSON.stringify(entries.filter(([name]) => !NOT_ACCOUNT.includes(name)).toSorted());
  });
  return settings === others;
}

/** The accounts in ARNs of resources that are there already. */
function accountsOfArns(plan: Plan, key: string | null): readonly string[] {
  return plan.instances
    .filter((instance) => !instance.isData && instance.providerKey === key)
    .map((instance) => parseArn(plannedText(instance, 'arn') ?? '')?.accountId ?? '')
    .filter((account) => /^\d{12}$/.test(account));
}

/** The accounts whose root a key policy names as a principal. */
function rootsIn(policy: Json): readonly string[] {
  const document = typeof policy === 'string' ? parsed(policy) : policy;
  const statements = member(document, 'Statement');
  const list = Array.isArray(statements) ? statements : [statements];
  return list
    .flatMap((statement: Json | undefined) => textsIn(member(statement, 'Principal', 'AWS')))
    .flatMap((principal) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1] ?? []);
}

function parsed(text: string): Json {
  try {
    return parseJsonText(text) as Json;
  } catch {
    return null;
  }
}

function providerRegion(plan: Plan, key: string | null): string | null {
  const providers = member(plan.document, 'configuration', 'provider_config');
  if (!isObject(providers)) return null;
  // A module's provider is its caller's unless it has its own.
  const names = key === null ? ['aws'] : [key, localName(key)];
  for (const name of names) {
    const region = constantText(plan, member(providers, name, 'expressions', 'region'));
    if (region !== null && region !== '') return region;
  }
  return null;
}
