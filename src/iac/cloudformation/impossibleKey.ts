import { whyNoKey } from '../impossibleKey.ts';
import { isToken } from '../reference.ts';
import { KEY_TYPES } from './attributes.ts';
import type { Template } from './template.ts';

/** Why what a trail's `KMSKeyId` came to can be no KMS key in any world; `null` where it can. */
export function whyImpossible(template: Template, reference: string): string | null {
  return isToken(reference) ? whyNoKeyBehind(template, reference) : whyNoKey(reference, template.references);
}

/** A logical id, with an attribute or without. */
const RESOURCE = /^(?!Ref$)(\w+)(?:\.(\w+))?$/;

function whyNoKeyBehind(template: Template, token: string): string | null {
  const name = template.references.in(token)[0]?.name ?? '';
  const [, id, attribute = null] = RESOURCE.exec(name) ?? [];
  if (id === undefined || template.parameters.has(id)) return null;
  const resource = template.resources.get(id);
  if (resource === undefined) return isWhole(template) ? `the template declares no \`${id}\`` : null;
  const isItself = attribute === null || attribute === 'Arn';
  return isItself && isOfNoKey(resource.type) ? `\`${id}\` is an \`${resource.type}\`` : null;
}

/** Whether nothing adds resources to a template before it is deployed. */
const isWhole = ({ isPart, macros, notExpanded, resources }: Template): boolean =>
  !isPart &&
  macros.length === 0 &&
  notExpanded.length === 0 &&
  ![...resources.values()].some(({ type }) => type.endsWith('::MODULE'));

/** What a custom resource calls itself is its provider's choice. */
const ANYTHING = [...KEY_TYPES, 'AWS::KMS::Alias', 'AWS::CloudFormation::CustomResource'];

const isOfNoKey = (type: string): boolean => /^AWS::\w+::\w+$/.test(type) && !ANYTHING.includes(type);
