import type { KeyFacts } from '../../trail/facts.ts';
import type { DeployedFacts } from '../cloudformation/links.ts';
import type { DeploymentPlace } from '../model.ts';
import { hasToken, splitOutsideTokens } from '../reference.ts';

/** What is deployed already, as a snapshot holds it. */
export interface Deployed {
  readonly keys: readonly DeployedKeyName[];
  /** The facts of a key, by its ARN. */
  readonly facts: (arn: string) => KeyFacts;
  /** The value of an SSM parameter; `version` where a template pins one. */
  readonly parameter: (name: string, version: string | null) => string | null;
  /** All of it as text. */
  readonly text: string;
}

export interface DeployedKeyName {
  readonly arn: string;
  /** ARNs of its aliases. */
  readonly aliases: readonly string[];
}

/**
 * The one deployed key that a reference names: an ARN, or an id or alias in the template's own account and Region. What
 * the template leaves open may be anything, as long as one key alone fits.
 */
export function deployedKey(deployed: Deployed, reference: string, place: DeploymentPlace): DeployedFacts | null {
  const { partition, region, accountId } = place;
  const [scheme, ofPartition, service, ofRegion, ofAccount, ...rest] = splitOutsideTokens(reference, ':');
  const isArn = scheme === 'arn' && rest.length > 0;
  if (isArn && service !== 'kms') return null;
  const name = isArn ? rest.join(':') : reference.startsWith('alias/') ? reference : `key/${reference}`;
  if (hasToken(name)) return null;
  const wanted = isArn ? [ofPartition, ofRegion, ofAccount] : [partition, region, accountId];
  const isNamed = (arn: string): boolean => {
    const [, itsPartition, , itsRegion, itsAccount, itsName] = arn.split(':');
    const its = [itsPartition, itsRegion, itsAccount];
    return itsName === name && wanted.every((part = '', at) => hasToken(part) || part === its[at]);
  };
  const found = deployed.keys.filter(({ arn, aliases }) => isNamed(arn) || aliases.some(isNamed));
  const [only, ...others] = found;
  return only === undefined || others.length > 0 ? null : { arn: only.arn, facts: deployed.facts(only.arn) };
}
