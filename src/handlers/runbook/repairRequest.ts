import * as v from 'valibot';
import { InvalidInvocationError } from '../../rule/errors.ts';
import { parseWith, parseWrittenJson } from '../../rule/event/schema.ts';

/** What a runbook asks of the function. */
export type RepairRequest =
  | {
      readonly action: 'check-encryption';
      readonly trail: string;
      readonly key: string;
      readonly readers: readonly string[];
    }
  | { readonly action: 'plan-key-policy'; readonly trail: string; readonly execution: string | null }
  | { readonly action: 'show-key-policy'; readonly trail: string; readonly digest: string }
  | {
      readonly action: 'apply-key-policy';
      readonly trail: string;
      readonly digest: string;
      readonly execution: string | null;
    };

const text = v.pipe(v.string('a string'), v.nonEmpty('not empty'));
const trail = v.pipe(text, v.maxLength(256, 'the name or the ARN of a trail'));

/** The run of the runbook that asks. */
const execution = v.nullish(v.pipe(text, v.regex(/^[0-9a-f-]{36}$/, 'the id of an automation execution')), null);
const plan = v.union([text, v.record(v.string(), v.unknown())], 'the answer of `plan-key-policy`');

const schema = v.variant(
  'action',
  [
    v.object({
      action: v.literal('check-encryption'),
      trail,
      key: v.pipe(text, v.regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key')),
      readers: v.array(text, 'a list'),
    }),
    v.object({ action: v.literal('plan-key-policy'), trail, execution }),
    v.object({ action: v.literal('show-key-policy'), trail, plan }),
    v.object({ action: v.literal('apply-key-policy'), trail, plan, execution }),
  ],
  '`check-encryption`, `plan-key-policy`, `show-key-policy` or `apply-key-policy`',
);

const planSchema = v.object(
  { digest: v.pipe(text, v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')) },
  'an object',
);

const invalid = (member: string, problem: string): InvalidInvocationError =>
  new InvalidInvocationError(member === '' ? 'event' : member, problem);

/** @throws InvalidInvocationError naming the member and what is accepted */
export function parseRepairRequest(event: unknown): RepairRequest {
  const request = parseWith(schema, event, '', invalid);
  if (request.action === 'check-encryption' || request.action === 'plan-key-policy') return request;
  // The plan comes back as the text that the planning step answered with.
  const answered = typeof request.plan === 'string' ? parseWrittenJson(request.plan, 'plan', invalid) : request.plan;
  const { digest } = parseWith(planSchema, answered, 'plan', invalid);
  const { plan: _, ...rest } = request;
  return { ...rest, digest };
}
