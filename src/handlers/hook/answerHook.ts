import type { JsonObject } from '../../iac/json.ts';
import { withoutMarks } from '../../iac/reference.ts';
import type { Source } from '../../iac/source/readSource.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import type { RuleParameters } from '../../rule/parameters.ts';
import { OutOfTimeError, withinTime } from '../shared/withinTime.ts';
import { type HookOutcome, MESSAGE_LENGTH, notEvaluated, outcomeOf, success } from './hookAnswer.ts';
import { type HookInvocation, type HookTarget, parseHookInvocation } from './hookInvocation.ts';
import { readHookTemplate } from './hookPayload.ts';

interface HookSurroundings {
  readonly parameters: RuleParameters;
  readonly signal: AbortSignal;
  /** An origin other than `https:` that payloads may be read from; `null`: none. */
  readonly allowedOrigin: string | null;
  readonly now: Date;
  /** When the answer has to be there at the latest, by `Date.now()`. */
  readonly answerBy: number;
}

const EVALUATED = ['AWS::CloudTrail::Trail', 'AWS::KMS::Key'];

/**
 * What the hook says of an operation.
 *
 * @throws InvalidInputError when the event, its payload or the template cannot be read
 */
export async function hookOutcome(event: unknown, surroundings: HookSurroundings): Promise<HookOutcome> {
  const invocation = parseHookInvocation(event);
  const { action, stackId, target } = invocation;
  const length = stackId === null ? MESSAGE_LENGTH.cloudControl : MESSAGE_LENGTH.cloudFormation;
  if (target.is === 'resource' && !EVALUATED.includes(target.type)) return success(notEvaluated(target.type), length);
  if (action === 'DELETE') return success('nothing is evaluated when it is deleted', length);
  const { parameters, now, answerBy } = surroundings;
  const { accountId, region } = invocation;
  const read = await sourceOf(invocation, surroundings);
  // Loaded with the first template: a hook that has nothing to evaluate starts without the checks.
  const { evaluateDeployment } = await import('../../iac/deploymentVerdict.ts');
  try {
    const verdict = withinTime(answerBy - Date.now(), () =>
      evaluateDeployment(read(), { parameters, accountId, region, asOf: now }),
    );
    return outcomeOf(verdict, target, parameters.minimumSeverity, length);
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    throw new InvalidInputError(MEMBERS[target.is], TOO_LONG, { cause: error });
  }
}

const MEMBERS = {
  resource: 'requestData.targetModel.resourceProperties',
  stack: 'requestData.payload',
  'change set': 'requestData.payload',
} as const satisfies Readonly<Record<HookTarget['is'], string>>;

const TOO_LONG =
  'leaves so much open that it could not be evaluated in time: run `cloudtrail-kms check` on the template';

type Template = Extract<Source, { is: 'template' }>;

/** Fetches what there is to evaluate; parsing it takes time too, and is left to the caller. */
async function sourceOf(
  { target }: HookInvocation,
  { signal, allowedOrigin }: HookSurroundings,
): Promise<() => Template> {
  if (target.is !== 'resource') {
    const text = await readHookTemplate(target.payload, signal, allowedOrigin);
    const { readSource } = await import('./hookTemplate.ts');
    return () => {
      const source = readSource(text, `the template of the ${target.is}`);
      if (source.is === 'template') return source;
      throw new InvalidInputError(MEMBERS[target.is], 'leads to no CloudFormation template');
    };
  }
  const { type, logicalId, properties } = target;
  if (properties === null) throw new InvalidInputError(MEMBERS.resource, 'is missing');
  return () => {
    const template: JsonObject = { Resources: { [logicalId]: { Type: type, Properties: properties } } };
    const document = JSON.parse(withoutMarks(JSON.stringify(template))) as JsonObject;
    return { is: 'template', file: 'the resource', document, positions: new Map(), isPart: true };
  };
}
