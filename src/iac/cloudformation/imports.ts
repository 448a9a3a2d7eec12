import { member } from '../json.ts';
import { holds } from './conditions.ts';
import type { ExportedOutput } from './links.ts';
import { oneOf, type Resolved, type Scope, shown, unresolved } from './scope.ts';
import type { Resource } from './template.ts';

/** What Fn::ImportValue gives: the value of the output that a given template exports by this name. */
export function importedValue(scope: Scope, name: Resolved): Resolved {
  const what = `Fn::ImportValue ${shown(scope, name)}`;
  const exported = typeof name === 'string' ? scope.links.exportsNamed(scope.template, name) : [];
  const output = chosen(scope, what, exported);
  return output === null ? unresolved(scope, what) : scope.at(output.template).resolve(output.value);
}

/** Whoever imports an only one needs it to be there, whatever its condition. */
function chosen(scope: Scope, what: string, outputs: readonly ExportedOutput[]): ExportedOutput | null {
  const made =
    outputs.length > 1
      ? outputs.filter(
          ({ template, condition }) => condition === null || holds(scope.at(template), { Condition: condition }),
        )
      : outputs;
  return made.length > 1 ? oneOf(scope, what, made) : (made[0] ?? null);
}

/** Resources that are stacks, and the property that names the template of each. */
export const NESTED_STACKS: ReadonlyMap<string, string> = new Map([
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
  ['AWS::Serverless::Application', 'Location'],
]);

/** An output of a nested stack, by the attribute that names it. */
export function nestedOutput(scope: Scope, { id }: Resource, attribute: string): Resolved {
  const nested = scope.links.nestedIn(scope.template, id);
  const value = nested === null ? undefined : member(nested.outputs, attribute.replace(/^Outputs\./, ''), 'Value');
  return nested === null || value === undefined
    ? unresolved(scope, `${id}.${attribute}`)
    : scope.at(nested).resolve(value);
}
