import type { JsonObject } from '../iac/json.ts';
import { withoutMarks } from '../iac/reference.ts';
import { InvalidInputError } from '../rule/errors.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import { MESSAGE_LENGTH, notJudged, type Outcome, outcomeOf, success } from './hookAnswer.ts';
import { type HookInvocation, parseHookInvocation } from './hookInvocation.ts';
import { readHookTemplate } from './hookPayload.ts';
import { judgeForHook } from './hookVerdict.ts';

export interface HookSurroundings {
  readonly parameters: RuleParameters;
  readonly signal: AbortSignal;
  /** An origin other than `https:` that payloads may be read from; `null`: none. */
  readonly allowedOrigin: string | null;
  readonly now: Date;
}

const JUDGED = ['AWS::CloudTrail::Trail', 'AWS::KMS::Key'];

/**
 * What the hook says of an operation.
 *
 * @throws InvalidInputError when the event, its payload or the template cannot be read
 */
export async function judgeInvocation(event: unknown, surroundings: HookSurroundings): Promise<Outcome> {
  const invocation = parseHookInvocation(event);
  const { action, stackId, target } = invocation;
  const length = stackId === null ? MESSAGE_LENGTH.cloudControl : MESSAGE_LENGTH.cloudFormation;
  if (target.is === 'resource' && !JUDGED.includes(target.type)) return success(notJudged(target.type), length);
  if (action === 'DELETE') return success('nothing is judged when it is deleted', length);
  const { parameters, now } = surroundings;
  const { accountId, region } = invocation;
  const source = await sourceOf(invocation, surroundings);
  const verdict = judgeForHook(source, { parameters, accountId, region, asOf: now });
  return outcomeOf(verdict, target, parameters.minimumSeverity, length);
}

async function sourceOf({ target }: HookInvocation, { signal, allowedOrigin }: HookSurroundings) {
  if (target.is !== 'resource') {
    const text = await readHookTemplate(target.payload, signal, allowedOrigin);
    const { readSource } = await import('./hookTemplate.ts');
    const source = readSource(text, `the template of the ${target.is}`);
    if (source.is === 'template') return source;
    throw new InvalidInputError('requestData.payload', 'leads to no CloudFormation template');
  }
  const { type, logicalId, properties } = target;
  if (properties === null) throw new InvalidInputError('requestData.targetModel.resourceProperties', 'is missing');
  const template: JsonObject = { Resources: { [logicalId]: { Type: type, Properties: properties } } };
  const document = JSON.parse(withoutMarks(JSON.stringify(template))) as JsonObject;
  return { is: 'template', file: 'the resource', document, positions: new Map() } as const;
}
