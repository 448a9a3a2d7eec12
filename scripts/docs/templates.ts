import { stringify } from 'yaml';
import type { ParameterName } from '../../src/rule/parameterTable.ts';
import { ALL, describe, type Parameter } from './parameters.ts';

/** A template with parts that are made from the parameters. */
interface Template {
  readonly file: string;
  /** Conformance packs take no AllowedValues and only the long form of functions. */
  readonly isPack?: boolean;
  /** The parameters that are handed on; all where it is left out. */
  readonly only?: readonly ParameterName[];
  /** Parameters that the template declares by hand, with a meaning of its own. */
  readonly byHand?: readonly ParameterName[];
  readonly defaults?: Partial<Record<ParameterName, string>>;
}

export const TEMPLATES: readonly Template[] = [
  { file: 'template.yaml' },
  { file: 'deploy/central.yaml', byHand: ['aggregatorName'] },
  { file: 'deploy/conformance-pack.yaml', isPack: true },
  {
    file: 'deploy/organization-conformance-pack.yaml',
    isPack: true,
    defaults: { memberRoleName: 'cloudtrail-kms-rule-member' },
  },
  {
    file: 'deploy/remediation/runbooks.yaml',
    only: ['minimumSeverity', 'allowedKmsKeys', 'trustedAccounts', 'trustedOrganizations', 'exceptionsParameter'],
  },
];

type Lines = readonly string[];

/** What stands between the markers of a template, by their name. */
export function templateParts({
  isPack = false,
  only,
  byHand = [],
  defaults = {},
}: Template): ReadonlyMap<string, Lines> {
  const handed = ALL.filter(({ name }) => only?.includes(name) ?? true);
  const declared = handed
    .filter(({ name }) => !byHand.includes(name))
    .map((parameter) => ({ ...parameter, defaultText: defaults[parameter.name] ?? parameter.defaultText }));
  const names = (group: Parameter['group']): Lines =>
    declared.filter((one) => one.group === group).map(({ templateName }) => `- ${templateName}`);
  return new Map([
    ['parameters', declared.flatMap(isPack ? declareInPack : declare)],
    ['parameters of the verdict', names('verdict')],
    ['parameters of other accounts', names('accounts')],
    ['parameters of Security Hub', names('security-hub')],
    ['conditions', isPack ? declared.map(conditionInPack) : declared.filter(mayBeEmpty).map(condition)],
    ['input parameters', declared.map(isPack ? inputInPack : input)],
    ['rule parameters', [`RULE_PARAMETERS: !Sub '${ruleParameters(handed)}'`]],
  ]);
}

const text = (value: string): string => stringify(value, { singleQuote: true, lineWidth: 0 }).trim();
const mayBeEmpty = ({ defaultText }: Parameter): boolean => defaultText === '';

const declareInPack = (parameter: Parameter): Lines => [
  `${parameter.templateName}:`,
  '  Type: String',
  `  Default: ${text(parameter.defaultText)}`,
  `  Description: ${text(describe(parameter))}`,
];

const declare = (parameter: Parameter): Lines => {
  const [name = '', type = '', initial = '', description = ''] = declareInPack(parameter);
  return [name, type, initial, ...accepted(parameter), description];
};

function accepted(parameter: Parameter): Lines {
  const { values, template } = parameter.format;
  if (values !== undefined) return [`  AllowedValues: [${values.map(text).join(', ')}]`];
  if (template === undefined) return [];
  const [pattern, constraint] = mayBeEmpty(parameter)
    ? [`|${template.pattern}`, `${template.constraint}; or empty`]
    : [template.pattern, template.constraint];
  return [`  AllowedPattern: ${text(pattern)}`, `  ConstraintDescription: ${text(constraint)}`];
}

const condition = ({ templateName: name }: Parameter): string => `Has${name}: !Not [!Equals [!Ref ${name}, '']]`;
const conditionInPack = ({ templateName: name }: Parameter): string =>
  `Has${name}: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: ${name} }, ''] }] }`;

const input = (parameter: Parameter): string =>
  mayBeEmpty(parameter)
    ? `${parameter.name}: !If [Has${parameter.templateName}, !Ref ${parameter.templateName}, !Ref AWS::NoValue]`
    : `${parameter.name}: !Ref ${parameter.templateName}`;
const inputInPack = ({ name, templateName }: Parameter): string =>
  `${name}: { 'Fn::If': [Has${templateName}, { Ref: ${templateName} }, { Ref: 'AWS::NoValue' }] }`;

/** The members in the order of the table; a value of the template in the place of each. */
const ruleParameters = (handed: readonly Parameter[]): string =>
  `{${handed.map(({ name, templateName }) => `"${name}":"\${${templateName}}"`).join(',')}}`;
