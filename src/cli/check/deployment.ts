import type { Deployment } from '../../iac/cloudformation/template.ts';
import { BadInput } from '../errors.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import { parseJson } from '../json.ts';

/** What the command line tells of the deployment, as it stands there. */
export interface GivenDeployment {
  readonly accountId?: string;
  readonly region?: string;
  readonly templateParameters?: readonly string[];
}

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Checks the options that tell of the deployment. @throws BadInput naming the option, its value and what is accepted */
export async function readDeployment(given: GivenDeployment, io: Io): Promise<Deployment> {
  const { accountId = null, region = null } = given;
  if (accountId !== null && !/^\d{12}$/.test(accountId)) {
    throw new BadInput(`\`--account-id\` is \`${accountId}\`, accepted are twelve digits`);
  }
  if (region !== null && !REGION.test(region)) {
    throw new BadInput(`\`--region\` is \`${region}\`, accepted is the name of a Region such as \`eu-west-1\``);
  }
  const parameters = new Map<string, string>();
  for (const text of given.templateParameters ?? []) {
    for (const [name, value] of await parametersIn(text, io)) parameters.set(name, value);
  }
  return { accountId, region, parameters: Object.fromEntries(parameters) };
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** `Name=value`, JSON, or a file of JSON. */
async function parametersIn(text: string, io: Io): Promise<Pairs> {
  // A parameter of a template, or the name of an SSM parameter.
  const pair = /^([A-Za-z0-9]+|\/[\w./-]+)=(.*)$/s.exec(text);
  if (pair !== null) return [[pair[1] ?? '', pair[2] ?? '']];
  if (/^\s*[[{]/.test(text)) return pairsOf(parseJson(text, '--template-parameters'), '--template-parameters');
  const file = text.replace(/^(file:\/\/|@)/, '');
  return pairsOf(parseJson(await readInput(io, file), file), file);
}

const ACCEPTED =
  'accepted are `Name=value`, a JSON object of values, a list of `{"ParameterKey":...,"ParameterValue":...}`, or a file that holds either';

function pairsOf(document: unknown, source: string): Pairs {
  // What a person keeps beside a template: the AWS CLI's list, or the object of a deployment pipeline.
  const inner = isObject(document) && isObject(document.Parameters) ? document.Parameters : document;
  const entries = Array.isArray(inner) ? inner.map(listed) : isObject(inner) ? Object.entries(inner) : [null];
  return entries.map((entry) => {
    const value = entry === null ? undefined : asText(entry[1]);
    if (entry === null || value === undefined)
      throw new BadInput(`\`${source}\` holds no template parameters, ${ACCEPTED}`);
    return [entry[0], value] as const;
  });
}

function listed(entry: unknown): readonly [string, unknown] | null {
  return isObject(entry) && typeof entry.ParameterKey === 'string' ? [entry.ParameterKey, entry.ParameterValue] : null;
}

function asText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(String).join(',');
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
