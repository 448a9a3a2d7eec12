import { ACCOUNT, awsPolicy } from '../../e2e/support/account.ts';
import { answerAbout, nameOf, readsOf } from '../awsAnswers.ts';
import { pick } from '../chance.ts';
import { type EstateTrail, makeEstate } from '../estate.ts';
import type { Answered } from '../functionProcess.ts';
import { functionTarget } from '../functionTarget.ts';
import { EVERY_KIND } from '../kinds.ts';
import type { Plan } from '../plan.ts';
import { stateOf } from '../policyState.ts';
import { remainingOf } from './configRule.ts';

/** Everything is read before and after the write, the policy once more on either side. */
const spared = (request: string): number =>
  /PutKeyPolicy|ListTags|ListResourceTags/.test(request) ? 0 : /GetKeyPolicy /.test(request) ? 3 : 1;

const READERS = [`arn:aws:iam::${ACCOUNT}:role/auditor`];

/** The function behind the runbooks: the repair of a key policy that names another account, and the check before encryption. */
export const repairKeyPolicy = functionTarget({
  bundle: 'repairKeyPolicy',
  runs: 100,
  kinds: [...EVERY_KIND.filter((kind) => kind !== 'half taken'), 'mixed'],
  prepare(seed) {
    const estate = makeEstate(seed, { accounts: [ACCOUNT], count: 2, kinds: ['foreign'] });
    const [good, broken] = estate.trails as readonly [EstateTrail, EstateTrail];
    const bare: EstateTrail = {
      ...good,
      name: `bare-${seed}`,
      arn: good.arn.replace('t0', 'bare'),
      kind: 'bare',
      key: null,
    };
    const whole = { ...estate, trails: [good, broken, bare] };
    if (good.key !== null) good.key.policy = JSON.stringify(awsPolicy([good.arn, bare.arn]));
    const key = broken.key;
    if (key === null) throw new Error('the broken trail has a key');
    const old = key.policy;
    const action = pick(['apply', 'apply', 'apply', 'plan', 'check', 'check the wrong key'] as const, seed, 'action');

    const tags = [`cloudtrail ListTags ${broken.arn}`, `kms ListResourceTags ${key.arn}`];
    const reads = [`cloudtrail DescribeTrails ${ACCOUNT}`, ...new Set(whole.trails.flatMap(readsOf))];
    const checks = action.startsWith('check') ? [`cloudtrail ListTags ${bare.arn}`] : tags;
    const isApply = action === 'apply';
    const put = `kms PutKeyPolicy ${key.arn}`;
    return {
      world: { nameOf, answer: (request) => answerAbout(whole, request) },
      requests: [...reads, ...checks, ...(isApply ? [put] : [])],
      options: isApply ? { spared, favourite: put } : {},
      async event(ask: (event: unknown) => Promise<Answered>) {
        if (action === 'plan') return { action: 'plan-key-policy', trail: broken.name };
        if (!isApply) {
          const asked = action === 'check' ? good.key?.arn : key.arn;
          return { action: 'check-encryption', trail: bare.name, key: asked, readers: READERS };
        }
        const planned = await ask({ action: 'plan-key-policy', trail: broken.name });
        if (planned.ok !== true) throw new Error(`no plan without faults: ${JSON.stringify(planned)}`);
        return { action: 'apply-key-policy', trail: broken.name, plan: JSON.stringify(planned.payload) };
      },
      // Thirty seconds are kept for taking a policy back; the rest is for reading it again.
      remaining: (plan: Plan) => (isApply ? 45_000 : remainingOf(plan)),
      judge(answered) {
        const state = stateOf(key, old, broken.arn);
        const wrong: string[] = [];
        const succeeded = answered.ok === true;
        const text = answered.ok === false ? answered.message : '';
        if (state === 'neither') wrong.push(`(f) the policy is neither the old nor the new one: ${key.policy}`);
        const claims = isApply && succeeded ? 'new' : / was not put back/.test(text) ? null : 'old';
        if (claims !== null && claims !== state)
          wrong.push(`(f) the policy is ${state}: ${succeeded ? 'applied' : text}`);
        if (succeeded && (answered.payload as { proved?: unknown } | null)?.proved !== 'yes')
          wrong.push('(c) success without a proof');
        if (succeeded && action === 'check the wrong key') wrong.push('(a) a key that shuts CloudTrail out passed');
        const isRight = action === 'check the wrong key' ? /would not pass/.test(text) : succeeded;
        return { isDone: isRight && wrong.length === 0, wrong, said: new Map() };
      },
    };
  },
});
