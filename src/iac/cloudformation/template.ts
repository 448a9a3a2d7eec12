import { InvalidSourceError } from '../errors.ts';
import { isList, isObject, type Json, type JsonObject, member, textAt } from '../json.ts';
import { partitionOf, partitionsIn } from '../partition.ts';
import type { References } from '../reference.ts';
import type { Position } from '../source/position.ts';
import type { Source } from '../source/readSource.ts';

/** What the caller knows of a deployment; `null`: not known. */
export interface Deployment {
  readonly accountId: string | null;
  readonly region: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  /** `AWS::StackName`, where it is known. */
  readonly stackName?: string | null;
  /** A StackSet's instances are in accounts and Regions of their own: these, or `null` for any. */
  readonly targets?: {
    readonly accounts: readonly string[] | null;
    readonly regions: readonly string[] | null;
  };
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
  /** The file that the AWS CDK made for a nested stack, beside the template. */
  readonly assetPath: string | null;
}

export interface Template {
  /** A number, with which the ids of its references begin: no two templates of a project have the same. */
  readonly id: string;
  readonly file: string;
  /** Whether it is but a part of what is deployed. */
  readonly isPart: boolean;
  readonly parameters: ReadonlyMap<string, JsonObject>;
  readonly conditions: JsonObject;
  readonly mappings: JsonObject;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: JsonObject;
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
export function readTemplate(
  source: Extract<Source, { is: 'template' }>,
  deployment: Deployment,
  { id, references }: Pick<Template, 'id' | 'references'>,
): Template {
  const { document, file, positions } = source;
  const resources = new Map<string, Resource>();
  const notExpanded: string[] = [];
  for (const [name, resource] of Object.entries(section(document, 'Resources', file))) {
    const type = textAt(resource, 'Type');
    if (type === null) notExpanded.push(name);
    else {
      const properties = objectAt(resource, 'Properties');
      const metadata = objectAt(resource, 'Metadata');
      const dependsOn = [member(resource, 'DependsOn') ?? []].flat().filter((one) => typeof one === 'string');
      resources.set(name, {
        id: name,
        type,
        condition: textAt(resource, 'Condition'),
        properties,
        metadata,
        dependsOn,
        isExpanded: Object.keys(properties).some((property) => property.startsWith('Fn::')),
        assetPath: textAt(metadata, 'aws:asset:path'),
      });
    }
  }
  return {
    id,
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
    outputs: section(document, 'Outputs', file),
    notExpanded,
    macros: macrosOf(document),
    positions,
    references,
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

/** The partition that the Regions tell; otherwise the only one that the template's ARNs name: it works in no other. */
function knownPartition(
  document: JsonObject,
  { region, targets }: Deployment,
): Pick<Template, 'partition' | 'takenPartition'> {
  if (region !== null) return { partition: partitionOf(region), takenPartition: null };
  const [told, ...further] = new Set(targets?.regions?.map(partitionOf));
  if (told !== undefined && further.length === 0) return { partition: told, takenPartition: null };
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
