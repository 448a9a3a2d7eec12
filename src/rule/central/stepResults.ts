import * as v from 'valibot';
import { InvalidInvocationError } from '../errors.ts';
import { type InputError, optionalText, parseWith, text, timestamp } from '../event/schema.ts';
import type { CentralList } from './centralList.ts';
import type { EvaluatedTrails } from './evaluateListed.ts';

/** What the list step keeps beside the items. */
export type Listed = Omit<CentralList, 'trails'>;

const number = v.number('a number');
const counts = v.record(v.string(), number, 'a JSON object of numbers');

const unevaluated = v.array(
  v.object(
    {
      trailArn: optionalText,
      accountId: optionalText,
      isOrganization: v.boolean('true or false'),
      reason: text,
    },
    'a JSON object',
  ),
  'a list',
);

const listedSchema = v.object(
  { startedAt: timestamp, unlisted: unevaluated, replicas: number, organizationTrailsUnread: optionalText },
  'a JSON object',
);

const resultSchema = v.object(
  {
    evaluated: v.array(text, 'a list'),
    unevaluated,
    tally: v.object(
      {
        complianceTypes: v.object({ COMPLIANT: number, NON_COMPLIANT: number, NOT_APPLICABLE: number }),
        standings: counts,
        failed: counts,
        unknown: counts,
      },
      'a JSON object',
    ),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/** @throws InvalidInvocationError: another version of the function wrote it */
export const parseListed = (value: unknown): Listed => parseWith(listedSchema, value, 'listed', invalid);

/** @throws InvalidInvocationError: another version of the function wrote it */
export const parseResult = (value: unknown): EvaluatedTrails => parseWith(resultSchema, value, 'result', invalid);
