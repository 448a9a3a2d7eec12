import { isObject, type Json, type JsonObject, member, textAt } from '../../iac/json.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import { quote } from '../../rule/quote.ts';

/** What a CloudFormation Lambda Hook is asked about. */
export interface HookInvocation {
  readonly action: string;
  readonly accountId: string;
  /** `null`: Cloud Control API, which names no stack. */
  readonly stackId: string | null;
  /** `null` where no stack tells it. */
  readonly region: string | null;
  readonly target: HookTarget;
}

export type HookTarget =
  | {
      readonly is: 'resource';
      readonly type: string;
      readonly logicalId: string;
      /** `null`: left out, as for a deletion. */
      readonly properties: JsonObject | null;
    }
  /** `payload`: a presigned URL. */
  | { readonly is: 'stack' | 'change set'; readonly payload: string | null };

/** Targets that are no resource type. */
const TEMPLATE_TARGETS: ReadonlyMap<string, 'stack' | 'change set'> = new Map([
  ['STACK', 'stack'],
  ['CHANGE_SET', 'change set'],
]);

/**
 * Reads the event that CloudFormation hands to the function of a Lambda Hook.
 *
 * Source: AWS CloudFormation Hooks User Guide, Create Lambda functions to evaluate resources for Lambda Hooks.
 *
 * @throws InvalidInputError naming the member and what is accepted
 */
export function parseHookInvocation(event: unknown): HookInvocation {
  const point = requiredText(event, 'actionInvocationPoint');
  const action = /^([A-Z]+)_PRE_PROVISION$/.exec(point)?.[1];
  if (action === undefined)
    throw new InvalidInputError(
      'actionInvocationPoint',
      `is ${quote(point)}, accepted is \`CREATE_PRE_PROVISION\` or its like`,
    );
  const accountId = requiredText(event, 'awsAccountId');
  if (!/^\d{12}$/.test(accountId))
    throw new InvalidInputError('awsAccountId', `is ${quote(accountId)}, accepted are twelve digits`);
  const stackId = textAt(event, 'stackId') || null;
  return { action, accountId, stackId, region: stackId?.split(':')[3] || null, target: targetOf(event) };
}

/** What the answer has to repeat; empty where the event does not tell it. */
export const clientRequestToken = (event: unknown): string => textAt(event, 'clientRequestToken') ?? '';

/** What the log tells of an event; the presigned URL in it is a credential. */
export const whereabouts = (event: unknown) => ({
  stackId: textAt(event, 'stackId'),
  target: textAt(event, 'requestData', 'targetName'),
  logicalId: textAt(event, 'requestData', 'targetLogicalId'),
  invocationPoint: textAt(event, 'actionInvocationPoint'),
});

function targetOf(event: unknown): HookTarget {
  const name = requiredText(event, 'requestData', 'targetName');
  const template = TEMPLATE_TARGETS.get(name) ?? TEMPLATE_TARGETS.get(textAt(event, 'requestData', 'targetType') ?? '');
  if (template !== undefined) return { is: template, payload: textAt(event, 'requestData', 'payload') || null };
  const properties = eitherCase(member(event, 'requestData', 'targetModel'), 'resourceProperties');
  if (properties !== undefined && properties !== null && !isObject(properties))
    throw new InvalidInputError(
      'requestData.targetModel.resourceProperties',
      `is ${quote(properties)}, accepted is an object`,
    );
  return {
    is: 'resource',
    type: name,
    logicalId: textAt(event, 'requestData', 'targetLogicalId') || 'Resource',
    properties: properties ?? null,
  };
}

/** CloudFormation's own libraries spell these members with a capital, its guide without. */
export const eitherCase = (value: unknown, name: string): Json | undefined =>
  member(value, name) ?? member(value, `${name.charAt(0).toUpperCase()}${name.slice(1)}`);

function requiredText(event: unknown, ...path: readonly string[]): string {
  const found = textAt(event, ...path);
  if (found === null || found === '') throw new InvalidInputError(path.join('.'), 'is missing');
  return found;
}
