import type { RemedyStep } from '../../../trail/remedy/steps.ts';
import { isList, isObject, type Json, type JsonObject, member } from '../../json.ts';

/** Steps that tell word for word what is to be written in a template. */
export type TemplateStep = Extract<RemedyStep, { do: 'set-property' | 'add-resource' | 'put-statement' }>;

/** The template after the steps; `null` where one of them has no place in it. */
export function applySteps(document: JsonObject, steps: readonly TemplateStep[]): JsonObject | null {
  let result: JsonObject | null = document;
  for (const step of steps) result = result === null ? null : applyStep(result, step);
  return result;
}

function applyStep(document: JsonObject, step: TemplateStep): JsonObject | null {
  const resource = member(document, 'Resources', step.address);
  if (step.do === 'add-resource')
    return resource === undefined ? withResource(document, step.address, step.resource as Json) : null;
  if (!isObject(resource)) return null;
  if (step.do === 'set-property') {
    const properties = { ...propertiesOf(resource), [step.property]: step.value as Json };
    return withResource(document, step.address, { ...resource, Properties: properties });
  }
  const statements = statementsIn(document, step.address);
  if (statements === null) return null;
  const at = step.inPlaceOf === null ? statements.length : positionOf(statements, step.inPlaceOf);
  if (at < 0) return null;
  const put = step.statement === null ? [] : [step.statement as JsonObject];
  const Statement = statements.toSpliced(at, 1, ...put);
  const KeyPolicy = { ...(propertiesOf(resource).KeyPolicy as JsonObject), Statement };
  const properties = { ...propertiesOf(resource), KeyPolicy };
  return withResource(document, step.address, { ...resource, Properties: properties });
}

const propertiesOf = (resource: JsonObject): JsonObject => (isObject(resource.Properties) ? resource.Properties : {});

const withResource = (document: JsonObject, address: string, resource: Json): JsonObject => ({
  ...document,
  Resources: { ...(member(document, 'Resources') as JsonObject), [address]: resource },
});

/** The statements of a key's policy as the template writes them; `null` where they are no list, or a function makes some. */
export function statementsIn(document: JsonObject, address: string): readonly JsonObject[] | null {
  const written = member(document, 'Resources', address, 'Properties', 'KeyPolicy', 'Statement');
  const statements = isObject(written) ? [written] : written;
  if (!isList(statements)) return null;
  const made = statements.some((one) => !isObject(one) || Object.keys(one).some((name) => name.startsWith('Fn::')));
  return made ? null : (statements as readonly JsonObject[]);
}

/** Where the statement of this Sid stands, or of `#index`; -1: nowhere. */
export function positionOf(statements: readonly JsonObject[], label: string): number {
  const named = statements.findIndex(({ Sid }) => Sid === label);
  return named >= 0 || !/^#\d+$/.test(label)
    ? named
    : Number(label.slice(1)) < statements.length
      ? Number(label.slice(1))
      : -1;
}
