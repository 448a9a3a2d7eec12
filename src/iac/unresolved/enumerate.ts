import type { Assignment, Resolution, TrailModel } from '../model.ts';
import type { References } from '../reference.ts';
import { BOUNDS } from './bounds.ts';
import { type Choice, type Dimensions, dimensionsOf, sameChoice } from './dimensions.ts';
import { watched } from './watched.ts';

/** Most worlds that are evaluated for one trail. */
const WORLDS = 256;

/** References that vary together, and what they may be. */
export interface Axis {
  readonly ids: readonly string[];
  readonly choices: readonly Choice[];
}

/** A world: for each axis the index of its choice, and what that makes of each reference. */
interface WorldChoice {
  readonly indices: readonly number[];
  readonly choices: ReadonlyMap<string, Choice>;
}

export interface Enumeration {
  readonly axes: readonly Axis[];
  readonly worlds: readonly (WorldChoice & { readonly resolution: Resolution })[];
  /** False: there are more worlds than are evaluated. */
  readonly complete: boolean;
}

/** All worlds of a trail: every combination of what the references that matter to it may be. */
export function enumerateWorlds(
  model: (world: Assignment) => Resolution,
  references: References,
  compareWith: readonly string[],
): Enumeration {
  const resolve = memoized((world) => whole(model(world)));
  let dimensions: Dimensions = new Map();
  for (;;) {
    const { axes, list, complete } = worldsOf(dimensions);
    const worlds = list.map((world) => ({ ...world, resolution: resolve(assignmentOf(world.choices)) }));
    const found = merge(
      dimensions,
      distinctResolutions(worlds).map((resolution) => dimensionsOf(resolution, references, compareWith)),
    );
    // INVARIANT: dimensions only grow, and a file has finitely many references and texts.
    if (sizeOf(found) === sizeOf(dimensions) || !complete) return { axes, worlds, complete };
    dimensions = found;
  }
}

/** With every property resolved, so that all that they compare is known. */
function whole({ trail, compared }: Resolution): Resolution {
  if (trail === null) return { trail, compared };
  const { key, bucket } = trail;
  return { trail: { ...trail, key: key === null ? null : { ...key }, bucket: { ...bucket } }, compared };
}

/** What one question comes to in every world that matters to it. */
interface Answers<T> extends Pick<Enumeration, 'axes' | 'complete'> {
  readonly outcomes: readonly { readonly indices: readonly number[]; readonly answer: T }[];
}

/**
 * Asks one question of a trail in every world that it depends on: it depends on what it reads, and on nothing else.
 *
 * @param ask reads of the trail what it needs
 */
export function askInWorlds<T>(
  model: (world: Assignment) => Resolution,
  references: References,
  compareWith: readonly string[],
  ask: (trail: TrailModel, choices: ReadonlyMap<string, Choice>) => T,
): Answers<T> {
  const asked = onceForEach((choices) => {
    const { trail, compared } = model(assignmentOf(choices));
    const watch = trail === null ? null : watched(trail);
    const answers = watch === null ? [] : [ask(watch.trail, choices)];
    const touched = { trail: watch?.asked() ?? null, compared };
    return { answers, dimensions: dimensionsOf(touched, references, compareWith) };
  });
  let dimensions: Dimensions = new Map();
  for (;;) {
    const { axes, list, complete } = worldsOf(dimensions);
    if (!complete) return { axes, complete, outcomes: [] };
    const worlds = list.map(({ indices, choices }) => ({ indices, ...asked(choices) }));
    const found = merge(
      dimensions,
      worlds.map((world) => world.dimensions),
    );
    if (sizeOf(found) === sizeOf(dimensions)) {
      const outcomes = worlds.flatMap(({ indices, answers }) => answers.map((answer) => ({ indices, answer })));
      return { axes, complete, outcomes };
    }
    dimensions = found;
  }
}

/** A reference that is itself is as good as one that nobody chose for. */
function onceForEach<T>(
  make: (choices: ReadonlyMap<string, Choice>) => T,
): (choices: ReadonlyMap<string, Choice>) => T {
  const known = new Map<string, T>();
  return (choices) => {
    const id = JSON.stringify(
      [...choices].filter(([, { is }]) => is !== 'itself').toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    const made = known.get(id) ?? make(choices);
    known.set(id, made);
    return made;
  };
}

function memoized(model: (world: Assignment) => Resolution): (world: Assignment) => Resolution {
  const known = new Map<string, Resolution>();
  return (world) => {
    const id = JSON.stringify([...world].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const resolution = known.get(id) ?? model(world);
    known.set(id, resolution);
    return resolution;
  };
}

const distinctResolutions = (worlds: readonly { readonly resolution: Resolution }[]): readonly Resolution[] => [
  ...new Set(worlds.map(({ resolution }) => resolution)),
];

const assignmentOf = (choices: ReadonlyMap<string, Choice>): Assignment =>
  new Map([...choices].flatMap(([id, choice]) => (choice.is === 'text' ? [[id, choice.text] as const] : [])));

function merge(known: Dimensions, others: readonly Dimensions[]): Dimensions {
  const merged = new Map<string, Choice[]>([...known].map(([id, choices]) => [id, [...choices]]));
  for (const [id, choices] of others.flatMap((dimensions) => [...dimensions])) {
    const into = merged.get(id) ?? [];
    for (const choice of choices) if (!into.some((other) => sameChoice(other, choice))) into.push(choice);
    merged.set(id, into);
  }
  return merged;
}

const sizeOf = (dimensions: Dimensions): number =>
  [...dimensions.values()].reduce((sum, choices) => sum + choices.length, dimensions.size);

interface Worlds {
  readonly axes: readonly Axis[];
  readonly list: readonly WorldChoice[];
  readonly complete: boolean;
}

function worldsOf(dimensions: Dimensions): Worlds {
  const axes = [...dimensions].map(([id, choices]) => ({ ids: [id], choices }));
  if (countOf(axes) <= WORLDS) return { axes, list: product(axes), complete: true };
  const joint = together(axes);
  if (countOf(joint) <= WORLDS) return { axes: joint, list: product(joint), complete: true };
  return { axes: joint, list: oneByOne(joint).slice(0, WORLDS), complete: false };
}

const countOf = (axes: readonly Axis[]): number => axes.reduce((count, { choices }) => count * choices.length, 1);

/**
 * References that are open inside the policy on one axis: the least and the most access are bounds of everything between,
 * however many references there are.
 */
function together(axes: readonly Axis[]): readonly Axis[] {
  const isOpen = ({ choices }: Axis): boolean => choices.every(({ is }) => is === 'bound');
  const ids = axes.filter(isOpen).flatMap((axis) => axis.ids);
  if (ids.length === 0) return axes;
  return [
    ...axes.filter((axis) => !isOpen(axis)),
    { ids, choices: BOUNDS.map((bound): Choice => ({ is: 'bound', bound })) },
  ];
}

function product(axes: readonly Axis[]): readonly WorldChoice[] {
  let indices: readonly (readonly number[])[] = [[]];
  for (const { choices } of axes) {
    indices = indices.flatMap((prefix) => choices.map((_, index) => [...prefix, index]));
  }
  return indices.map((one) => worldOf(axes, one));
}

/** The plainest world, and those that differ from it in one axis. */
function oneByOne(axes: readonly Axis[]): readonly WorldChoice[] {
  const plain = axes.map(() => 0);
  const others = axes.flatMap(({ choices }, at) => choices.slice(1).map((_, index) => plain.with(at, index + 1)));
  return [plain, ...others].map((indices) => worldOf(axes, indices));
}

function worldOf(axes: readonly Axis[], indices: readonly number[]): WorldChoice {
  const choices = new Map<string, Choice>();
  for (const [at, { ids, choices: possible }] of axes.entries()) {
    const choice = possible[indices[at] ?? 0];
    if (choice !== undefined) for (const id of ids) choices.set(id, choice);
  }
  return { indices, choices };
}
