import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../e2e/support/bundle.ts';
import { chance } from '../chance.ts';
import { functionTarget } from '../functionTarget.ts';
import { EVERY_KIND } from '../kinds.ts';
import { isSurvivable } from '../plan.ts';
import { remainingOf } from './configRule.ts';

const read = (file: string): string => readFileSync(join(root, 'events', file), 'utf8');
const GOOD = JSON.stringify({ template: read('templates/good.yaml') });
const BAD = read('hook/payload-wrong-account.json');
const REQUEST = 'unsigned GET-/payload';

/** The CloudFormation hook: a template behind a presigned URL, good or bad. */
export const cloudFormationHook = functionTarget({
  bundle: 'cloudFormationHook',
  runs: 100,
  kinds: EVERY_KIND.filter((kind) => kind !== 'half taken'),
  prepare(seed, _, endpoint) {
    const isGood = chance(seed, 'good') < 0.5;
    const sample = JSON.parse(read(`hook/${chance(seed, 'target') < 0.5 ? 'stack' : 'change-set'}.json`));
    const payload = `${endpoint}/payload?X-Amz-Signature=secret`;
    return {
      world: { nameOf: () => REQUEST, answer: () => ({ status: 200, body: isGood ? GOOD : BAD }) },
      requests: [REQUEST],
      // Three attempts, without a timeout of their own.
      options: { survives: (fault) => isSurvivable(fault) && fault.times < 3 && fault.kind !== 'hang' },
      event: async () => ({ ...sample, requestData: { ...sample.requestData, payload } }),
      // Of its time half is kept for judging, which is slow on a busy machine.
      remaining: (plan) => (remainingOf(plan) < 25_000 ? 16_000 : 25_000),
      judge(answered) {
        const wrong: string[] = [];
        const answer = (answered.ok === true ? answered.payload : null) as Answer | null;
        const verdict = answer?.errorCode ?? answer?.hookStatus;
        const truth = isGood ? 'SUCCESS' : 'NonCompliant';
        if (answer === null) wrong.push('(c) the hook threw in place of an answer');
        else if (answer.clientRequestToken !== sample.clientRequestToken)
          wrong.push('(a) an answer to another request');
        else if (verdict !== truth && verdict !== 'InternalFailure') wrong.push(`(a) ${truth}, answered ${verdict}`);
        const said = new Map(verdict === truth ? [['the template', answer?.message ?? '']] : []);
        return { isDone: verdict === truth, wrong, said };
      },
    };
  },
});

interface Answer {
  readonly hookStatus: string;
  readonly errorCode?: string;
  readonly message: string;
  readonly clientRequestToken: string;
}
