import type { EstateKey } from './estate.ts';

/** How a key policy stands after something tried to change it. */
export type PolicyState = 'old' | 'new' | 'neither';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: { readonly Service?: string };
  readonly Action: string | readonly string[];
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string | readonly string[]>> };
}

/** New is: CloudTrail may encrypt for the trail, and every statement is there that was there before. */
export function stateOf(key: EstateKey, old: string, trailArn: string): PolicyState {
  if (key.policy === old) return 'old';
  try {
    const statements = statementsOf(key.policy);
    const sids = new Set(statements.map(({ Sid }) => Sid));
    const isWhole = statementsOf(old).every(({ Sid }) => sids.has(Sid));
    return isWhole && statements.some((statement) => encryptsFor(statement, trailArn)) ? 'new' : 'neither';
  } catch {
    return 'neither';
  }
}

const statementsOf = (policy: string): readonly Statement[] => JSON.parse(policy).Statement;

function encryptsFor({ Effect, Principal, Action, Condition }: Statement, trailArn: string): boolean {
  const isCloudTrails = Effect === 'Allow' && Principal.Service === 'cloudtrail.amazonaws.com';
  const encrypts = [Action].flat().some((action) => action.startsWith('kms:GenerateDataKey'));
  return isCloudTrails && encrypts && [Condition?.StringEquals?.['aws:SourceArn'] ?? []].flat().includes(trailArn);
}
