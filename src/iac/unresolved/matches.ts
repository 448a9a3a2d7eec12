import type { TrailModel } from '../model.ts';
import { hasToken, idsIn, type Reference, type References, replaceTokens, splitOutsideTokens } from '../reference.ts';
import { type Instances, solveReference } from './solveReference.ts';
import { granteesOf, identityTexts, policyTexts } from './texts.ts';

type Match = readonly [id: string, value: string];

/** What was found for the references of a file: many worlds, and many questions, ask for the same. */
interface Known {
  readonly instances: Instances;
  readonly matches: Map<string, readonly Match[]>;
}

const known = new WeakMap<References, Known>();

/** Longer texts name no trail, key or bucket. */
const LONGEST_NAME = 2_000;

/**
 * Values with which what trail, bucket and key are called would match something that the key policy or the options name.
 *
 * @param compareWith texts and patterns of the options
 */
export function matches(trail: TrailModel, references: References, compareWith: readonly string[]): readonly Match[] {
  const identities = new Set(identityTexts(trail).filter(hasToken));
  if (identities.size === 0) return [];
  const names = namesIn(trail, compareWith);
  const before = known.get(references) ?? { instances: new Map(), matches: new Map() };
  known.set(references, before);
  const asked = JSON.stringify([[...identities], [...names]]);
  const found = before.matches.get(asked) ?? [...search(identities, names, references, before.instances)];
  before.matches.set(asked, found);
  return found;
}

function* search(
  identities: ReadonlySet<string>,
  names: ReadonlySet<string>,
  references: References,
  instances: Instances,
): Generator<Match> {
  const lookup = (id: string): Reference => references.get(id);
  const marks = marksFor(idsIn([...identities].join(' ')).map(lookup));
  for (const text of names) {
    const pattern = replaceTokens(text, (id) => marks.get(id) ?? '*');
    for (const identity of identities) {
      if (identity === text) continue;
      for (const [id, value] of solveReference(identity, pattern, marks, lookup, instances) ?? []) {
        yield [id, unmarked(value, marks, references)];
      }
    }
  }
}

/** What the policy, the options and literal ARNs of the trail itself name; `*` alone matches whatever something is called. */
function namesIn(trail: TrailModel, compareWith: readonly string[]): ReadonlySet<string> {
  const keyArn = trail.key?.arn ?? '';
  const names = [
    ...policyTexts(trail),
    ...granteesOf(trail.key),
    ...compareWith,
    ...splitOutsideTokens(keyArn, ':').slice(3, 5),
  ];
  return new Set(names.filter((text) => text.length <= LONGEST_NAME && !/^\**$/.test(text)));
}

/** For each reference a value that is nothing else's and looks like one. */
function marksFor(references: readonly Reference[]): ReadonlyMap<string, string> {
  return new Map(
    references.map(({ id, kind }, index) => {
      const number = String(index).padStart(4, '0');
      if (kind === 'account') return [id, `00000000${number}`];
      if (kind === 'region') return [id, `zz-marked${number}-0`];
      return [id, kind === 'partition' ? `aws-marked${number}` : `marked${number}`];
    }),
  );
}

/** A value that is another reference's is written with that reference's token. */
function unmarked(value: string, marks: ReadonlyMap<string, string>, references: References): string {
  let text = value;
  for (const [id, mark] of marks) text = text.replaceAll(mark, references.token(references.get(id)));
  return text;
}
