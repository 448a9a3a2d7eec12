import { InfrastructureError } from '../../../src/aws/errors.ts';
import { keyPolicyPort } from '../../../src/aws/write/keyPolicy.ts';
import { writePolicy } from '../../../src/remediate/policyStep.ts';
import { isSamePolicy } from '../../../src/remediate/samePolicy.ts';
import { KEY_ARN } from '../support/answers.ts';
import { type Ending, quickClock, startService } from '../support/service.ts';

const policy = (Sid: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid, Effect: 'Allow', Principal: '*', Action: 'kms:*' }] });
const texts = { before: policy('before'), after: policy('after') };
const theirs = policy('theirs');
/** As KMS may give it back: other white space, members in another order. */
const rewritten = (text: string) =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()), null, 2);

let live: string;
/** What KMS shows. */
let shown: () => string;
/** What somebody else does after each write. */
let meanwhile: () => void;
const endings = new Map<string, Ending[]>();
let service: Awaited<ReturnType<typeof startService>>;
const writes = () => service.asked.filter((operation) => operation === 'PutKeyPolicy').length;

beforeAll(async () => {
  const operations = {
    GetKeyPolicy: () => ({ Policy: shown() }),
    PutKeyPolicy: ({ Policy }: { Policy?: unknown }) => {
      live = rewritten(String(Policy));
      meanwhile();
      return {};
    },
  };
  service = await startService(operations, endings);
});
afterAll(() => service.stop());
beforeEach(() => {
  live = rewritten(texts.before);
  shown = () => live;
  meanwhile = () => {};
  endings.clear();
  service.asked.length = 0;
});

const step = (clock = quickClock()) => writePolicy(keyPolicyPort(service.access, KEY_ARN), texts, clock);
const replace = () => step().run();
const restore = () => {
  const { undo } = step();
  if (typeof undo !== 'function') throw new Error('a policy can be put back');
  return undo();
};
const answersEnd = (...list: readonly Ending[]) => endings.set('PutKeyPolicy', [...list]);

const BAD = ['length', 'chunk', 'reset', 'page', 'failure'] as const;

describe.each(BAD)('an answer to the write that ends badly (%s)', (by) => {
  it('the policy was written: it is read back, and not written again', async () => {
    answersEnd({ acts: true, by });
    expect(await replace()).toEqual({ done: true });
    expect([writes(), isSamePolicy(live, texts.after)]).toEqual([1, true]);
  });

  it('it was not: it is written again', async () => {
    answersEnd({ acts: false, by }, { acts: false, by });
    expect(await replace()).toEqual({ done: true });
    expect([writes(), isSamePolicy(live, texts.after)]).toEqual([3, true]);
  });

  it('it never is: that is not known', async () => {
    answersEnd(...Array.from({ length: 9 }, () => ({ acts: false, by })));
    await expect(replace()).rejects.toThrow(InfrastructureError);
    expect([writes(), isSamePolicy(live, texts.before)]).toEqual([4, true]);
  });

  it('somebody else has written since: theirs is neither written over nor taken for ours', async () => {
    answersEnd({ acts: true, by });
    meanwhile = () => {
      live = theirs;
    };
    expect(await replace()).toMatchObject({ done: false, code: 'Changed' });
    expect([writes(), live]).toEqual([1, theirs]);
  });

  it('a refusal of the repetition says nothing of the first', async () => {
    answersEnd({ acts: true, by }, { acts: false, by: 'refusal' });
    const clock = quickClock();
    // KMS shows what was written only after a while.
    shown = () => (clock.now() > 2_000 ? live : texts.before);
    expect(await step(clock).run()).toEqual({ done: true });
    expect(writes()).toBe(2);
  });
});

it('what the service refuses is not looked for, and what it throttles is sent again', async () => {
  answersEnd({ acts: false, by: 'refusal' });
  expect(await replace()).toMatchObject({ done: false, code: 'LimitExceeded' });
  expect(service.asked).toEqual(['GetKeyPolicy', 'PutKeyPolicy']);
  answersEnd({ acts: false, by: 'throttling' });
  expect(await replace()).toEqual({ done: true });
  expect(writes()).toBe(3);
});

describe('taking it back', () => {
  it.each<[string, string, boolean]>([
    ['what was written', rewritten(texts.after), true],
    ['what was there before: KMS may show it late', rewritten(texts.before), true],
    ["somebody else's", theirs, false],
    ['ours with one more statement', texts.after.replace('[', '[{"Effect":"Deny"},'), false],
    ['no JSON any more', '{', false],
  ])('%s', async (_, there, isOurs) => {
    live = there;
    const answer = await restore();
    expect(answer.done).toBe(isOurs);
    expect(writes()).toBe(Number(isOurs));
    if (isOurs) expect(isSamePolicy(live, texts.before)).toBe(true);
    else {
      expect(live).toBe(there);
      expect(answer).toMatchObject({ code: 'Changed', reason: expect.stringContaining('aws kms get-key-policy') });
    }
  });

  it.each(BAD)('an answer to it that ends badly (%s)', async (by) => {
    live = texts.after;
    answersEnd({ acts: true, by });
    expect(await restore()).toEqual({ done: true });
    expect([writes(), isSamePolicy(live, texts.before)]).toEqual([1, true]);
  });
});
