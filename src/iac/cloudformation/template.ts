import { InvalidSourceError } from '../errors.ts';
import { isList, isObject, type Json, type JsonObject, member, textAt } from '../json.ts';
import { partitionOf, partitionsIn } from '../partition.ts';
import { References } from '../reference.ts';
import type { Position } from '../source/position.ts';
import type { Source } from '../source/readSource.ts';

/** What the caller knows of a deployment; `null`: not known. */
export interface Deployment {
  readonly accountId: string | null;
  readonly region: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly condition: string | null;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  readonly dependsOn: readonly string[];
  /** Whether a macro or a loop makes further properties, which only CloudFormation can expand. */
  readonly isExpanded: boolean;
}

export interface Template {
  readonly file: string;
  /** Whether it is but a part of what is deployed. */
  readonly isPart: boolean;
  readonly parameters: ReadonlyMap<string, JsonObject>;
  readonly conditions: JsonObject;
  readonly mappings: JsonObject;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Members of `Resources` that are no resources: macros and loops, which only CloudFormation can expand. */
  readonly notExpanded: readonly string[];
  /** Macros over the whole template that may change what is checked. */
  readonly macros: readonly string[];
  readonly positions: ReadonlyMap<string, Position>;
  readonly references: References;
  readonly deployment: Deployment;
  /** `null`: not known. */
  readonly partition: string | null;
  /** Says that ARNs of the file settle a partition that it leaves open, as a sentence part; `null`: nothing has to be told. */
  readonly takenPartition: string | null;
}

/** The parts of a template that matter here. @throws InvalidSourceError */
export function readTemplate(source: Extract<Source, { is: 'template' }>, deployment: Deployment): Template {
  const { document, file, positions } = source;
  const resources = new Map<string, Resource>();
  const notExpanded: string[] = [];
  for (const [id, resource] of Object.entries(section(document, 'Resources', file))) {
    const type = textAt(resource, 'Type');
    if (type === null) notExpanded.push(id);
    else {
      const properties = objectAt(resource, 'Properties');
      const metadata = objectAt(resource, 'Metadata');
      const isExpanded = Object.keys(properties).some((name) => name.startsWith('Fn::'));
      const condition = textAt(resource, 'Condition');
      const dependsOn = [member(resource, 'DependsOn') ?? []].flat().filter((one) => typeof one === 'string');
      resources.set(id, { id, type, condition, properties, metadata, dependsOn, isExpanded });
    }
  }
  return {
    file,
    isPart: source.isPart ?? false,
    parameters: new Map(
      Object.entries(section(document, 'Parameters', file)).map(([name, given]) => [
        name,
        isObject(given) ? given : {},
      ]),
    ),
    conditions: section(document, 'Conditions', file),
    mappings: section(document, 'Mappings', file),
    resources,
    notExpanded,
    macros: macrosOf(document),
    positions,
    references: new References(),
    deployment,
    ...knownPartition(document, deployment),
  };
}

function section(document: JsonObject, name: string, file: string): JsonObject {
  const found = member(document, name);
  if (found === undefined || found === null) return {};
  if (!isObject(found)) throw new InvalidSourceError(file, `is no CloudFormation template: \`${name}\` is no object`);
  return found;
}

/** Transforms of AWS that leave trails, keys and buckets as they are written. */
const HARMLESS = /^AWS::(CodeDeployBlueGreen|LanguageExtensions|SecretsManager|Serverless|ServiceCatalog)/;

function macrosOf(document: JsonObject): readonly string[] {
  const given = member(document, 'Transform') ?? [];
  const entries = [...(isList(given) ? given : [given]), member(document, 'Fn::Transform') ?? []].flat();
  return entries
    .flatMap((entry) => (typeof entry === 'string' ? entry : (textAt(entry, 'Name') ?? [])))
    .filter((name) => !HARMLESS.test(name));
}

function objectAt(resource: Json, name: string): JsonObject {
  const found = member(resource, name);
  return isObject(found) ? found : {};
}

/** What the author of a CDK app calls a resource. */
export const cdkPathOf = ({ metadata }: Resource): string | null => textAt(metadata, 'aws:cdk:path');

/** The partition that the Region tells; otherwise the only one that the template's ARNs name: it works in no other. */
function knownPartition(document: JsonObject, { region }: Deployment): Pick<Template, 'partition' | 'takenPartition'> {
  if (region !== null) return { partition: partitionOf(region), takenPartition: null };
  const text = JSON.stringify(document);
  const [only, ...others] = partitionsIn(text);
  if (only === undefined || others.length > 0) return { partition: null, takenPartition: null };
  const isAsked = /AWS::(Partition|URLSuffix)/.test(text);
  const taken = `the partition is taken to be \`${only}\`, the only one that ARNs of the file name`;
  return { partition: only, takenPartition: isAsked ? taken : null };
}

/** Whether a parameter's value is a list. */
export const isListType = (type: string | null): boolean =>
  type !== null && (type === 'CommaDelimitedList' || type.startsWith('List<'));

/** Whether a parameter's value is the name of an SSM parameter, whose own value only AWS knows. */
export const isLookedUp = (type: string | null): boolean => type?.startsWith('AWS::SSM::Parameter::Value<') ?? false;

/** The values that a parameter may have, or `null` where any is possible. */
export function allowedValues(parameter: JsonObject): readonly string[] | null {
  const allowed = member(parameter, 'AllowedValues');
  return isList(allowed) && allowed.length > 0 ? allowed.map(String) : null;
}
