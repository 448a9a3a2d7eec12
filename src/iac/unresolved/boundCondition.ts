import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { hasToken, isToken } from '../reference.ts';
import type { Cover } from './bounds.ts';

/** Condition keys whose values are account ids. */
const ACCOUNT_KEYS = /^(kms:calleraccount|aws:principalaccount|aws:sourceaccount|aws:resourceaccount)$/i;
const ORGANIZATION_KEYS = /^aws:(principal|source)orgid$/i;

const OPERATOR = /^(forallvalues:|foranyvalue:)?([a-z]+?)(ifexists)?$/i;
/** Operators that compare text, and so can be widened with a wildcard. */
const TEXT = /^(string(like|equals)|arn(like|equals))$/i;

/** The condition without tokens; `null` where it can hold in no case. */
export function boundCondition(value: Json, cover: Cover): JsonObject | null {
  if (!isObject(value) && !isWhole(value)) return { Condition: [] };
  if (!isObject(value)) return cover.wide ? {} : null;
  const bounded = new Map<string, Map<string, Json>>();
  const open: [operator: string, key: string, values: readonly Json[]][] = [];
  for (const [operator, keys] of Object.entries(value)) {
    // What is no reference stays, for IAM's grammar refuses it.
    if (!isObject(keys) && !isWhole(keys)) return { Condition: { [operator]: [] } };
    if (!isObject(keys)) {
      if (!cover.wide) return null;
      continue;
    }
    for (const [key, values] of Object.entries(keys)) {
      const list = isList(values) ? values : [values];
      if (list.some((entry) => typeof entry === 'string' && hasToken(entry))) open.push([operator, key, list]);
      else add(bounded, operator, key, values);
    }
  }
  for (const [operator, key, values] of open) {
    const one = boundOne(operator, key, values, cover);
    if (one === null) return null;
    // Two conditions on one key under one operator cannot be written: the wider statement does without.
    if (one.values.length > 0 && !has(bounded, one.operator, key)) add(bounded, one.operator, key, one.values);
    else if (!cover.wide) return null;
  }
  if (bounded.size === 0) return {};
  return {
    Condition: Object.fromEntries([...bounded].map(([operator, keys]) => [operator, Object.fromEntries(keys)])),
  };
}

const isWhole = (value: Json): boolean => typeof value === 'string' && isToken(value);

interface Bounded {
  readonly operator: string;
  /** Empty: the condition is left out. */
  readonly values: readonly Json[];
}

function boundOne(operator: string, key: string, values: readonly Json[], cover: Cover): Bounded | null {
  const [, quantifier = '', base = operator, ifExists = ''] = OPERATOR.exec(operator) ?? [];
  const known = values.filter((entry) => typeof entry !== 'string' || !hasToken(entry));
  const isNegated = /not/i.test(base);
  // Under a negated operator more values mean that fewer requests meet it.
  const named = nameOf(key, values, cover);
  const ofAbsence = absenceBound(quantifier, base, ifExists, cover.wide);
  if (isNegated && !cover.wide) return ofAbsence;
  if (isNegated && (known.length > 0 || named !== null)) {
    return { operator, values: named === null ? known : [...known, named] };
  }
  if (isNegated) return ofAbsence ?? { operator, values: [] };
  if (!cover.wide) return known.length === 0 ? ofAbsence : { operator, values: known };
  if (!TEXT.test(base)) return { operator, values: [] };
  if (named !== null) return { operator, values: [...known, named] };
  const patterns = values.map((entry) =>
    typeof entry === 'string' ? entry.replace(/\uE000[^\uE001]*\uE001/g, '*') : entry,
  );
  return { operator: `${quantifier}StringLike${ifExists}`, values: patterns };
}

/**
 * What a condition says of a request without its key, which no value of it changes: where that meets the condition, at
 * least those requests do; where it does not, at most the others (IAM User Guide, Null and IfExists operators).
 */
function absenceBound(quantifier: string, base: string, ifExists: string, wide: boolean): Bounded | null {
  if (!TEXT.test(base.replace(/not/i, ''))) return null;
  const isAny = /any/i.test(quantifier);
  const holds = ifExists !== '' || /all/i.test(quantifier) || (/not/i.test(base) && !isAny);
  return holds === wide ? null : { operator: 'Null', values: [String(holds)] };
}

/** The account or organization that an open value stands for, where the bound says which. */
function nameOf(key: string, values: readonly Json[], { bound, bounds }: Cover): string | null {
  if (!values.some((entry) => typeof entry === 'string' && isToken(entry))) return null;
  if (bound !== 'own' && bound !== 'foreign') return null;
  if (ACCOUNT_KEYS.test(key)) return bound === 'own' ? bounds.ownAccount : bounds.foreignAccount;
  return ORGANIZATION_KEYS.test(key) && bound === 'foreign' ? 'o-unresolved00' : null;
}

const has = (bounded: ReadonlyMap<string, ReadonlyMap<string, Json>>, operator: string, key: string): boolean =>
  [...bounded].some(
    ([name, keys]) =>
      name.toLowerCase() === operator.toLowerCase() &&
      [...keys.keys()].some((other) => other.toLowerCase() === key.toLowerCase()),
  );

function add(bounded: Map<string, Map<string, Json>>, operator: string, key: string, values: Json): void {
  const keys = bounded.get(operator) ?? new Map<string, Json>();
  keys.set(key, values);
  bounded.set(operator, keys);
}
