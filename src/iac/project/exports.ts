import type { ExportedOutput, Links } from '../cloudformation/links.ts';
import { newScope } from '../cloudformation/resolve.ts';
import type { Template } from '../cloudformation/template.ts';
import { isObject, member, textAt } from '../json.ts';
import { hasToken, pieces, type References } from '../reference.ts';
import { inPlaceOf } from './places.ts';

interface Export extends ExportedOutput {
  /** May hold tokens. */
  readonly name: string;
}

/** The exports of a project by name. */
export interface Exports {
  readonly named: Links['exportsNamed'];
  /** Which names were taken to be which exports although the exports leave a part open, one sentence part each, by importer. */
  readonly taken: ReadonlyMap<Template, ReadonlySet<string>>;
}

/**
 * Exports with a settled name meet imports of that name. An export whose name holds an open part, such as the name of its
 * stack, is what an import means where it is the only one that can be: no other given stack would satisfy the import.
 */
export function exportsOf(templates: readonly Template[], links: Links, references: References): Exports {
  let all: { readonly settled: ReadonlyMap<string, readonly Export[]>; readonly open: readonly OpenExport[] } | null =
    null;
  const known = new Map<string, readonly ExportedOutput[]>();
  const taken = new Map<Template, Set<string>>();

  const find = (importer: Template, name: string): readonly ExportedOutput[] => {
    all ??= indexed(templates, links);
    const exact = inPlaceOf(importer, all.settled.get(name) ?? []);
    if (exact.length > 0) return exact;
    const shape = hasToken(name) ? shapeOf(name) : null;
    const likely = inPlaceOf(
      importer,
      all.open.filter((one) => (shape === null ? one.pattern.test(name) : shapeOf(one.name) === shape)),
    );
    const [only] = likely;
    if (only === undefined || new Set(likely.map((one) => one.template)).size > 1) return [];
    const sentence = `\`${references.show(name)}\` is taken to be the export \`${references.show(only.name)}\` of \`${only.template.file}\`, for no other given file has one that it can be`;
    taken.set(importer, (taken.get(importer) ?? new Set()).add(sentence));
    return likely;
  };
  return {
    taken,
    named: (importer, name) => {
      const id = `${importer.id} ${name}`;
      const found = known.get(id) ?? find(importer, name);
      known.set(id, found);
      return found;
    },
  };
}

interface OpenExport extends Export {
  readonly pattern: RegExp;
}

function indexed(templates: readonly Template[], links: Links) {
  const settled = new Map<string, Export[]>();
  const open: OpenExport[] = [];
  for (const template of templates) {
    for (const one of exportsIn(template, links)) {
      const same = settled.get(one.name);
      if (same !== undefined) same.push(one);
      else settled.set(one.name, [one]);
      if (hasToken(one.name)) open.push({ ...one, pattern: patternOf(one.name) });
    }
  }
  return { settled, open };
}

function exportsIn(template: Template, links: Links): readonly Export[] {
  const outputs = Object.values(template.outputs).filter((output) => member(output, 'Export', 'Name') !== undefined);
  if (outputs.length === 0) return [];
  const scope = newScope(template, new Map(), links);
  return outputs.flatMap((output) => {
    const name = scope.resolve(member(output, 'Export', 'Name'));
    const value = isObject(output) ? output.Value : undefined;
    if (typeof name !== 'string' || value === undefined) return [];
    return [{ name, template, value, condition: textAt(output, 'Condition') }];
  });
}

const shapeOf = (name: string): string =>
  JSON.stringify(pieces(name).map((piece) => ('id' in piece ? 0 : piece.literal)));

function patternOf(name: string): RegExp {
  const parts = pieces(name).map((piece) =>
    'id' in piece ? '.+' : piece.literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${parts.join('')}$`, 's');
}
