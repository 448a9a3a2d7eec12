import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT } from '../../e2e/support/account.ts';
import { answerAbout, nameOf, readsOf } from '../awsAnswers.ts';
import { pick } from '../chance.ts';
import { cliTarget, DEATHS, type Ended } from '../cliTarget.ts';
import { type EstateKey, makeEstate } from '../estate.ts';
import { EVERY_KIND } from '../kinds.ts';
import { stateOf } from '../policyState.ts';
import { leftovers } from './scan.ts';

/** What each outcome says of the policy; what is not here says nothing for certain. */
const CLAIMS: Readonly<Record<string, 'old' | 'new'>> = {
  applied: 'new',
  refused: 'old',
  changed: 'old',
  failed: 'old',
  'rolled-back': 'old',
};

interface Plans {
  readonly plans: readonly {
    readonly keyArn: string;
    readonly status: string;
    readonly outcome: { readonly status: string; readonly reason: string; readonly backup: string | null } | null;
  }[];
}

/** `repair --apply` of the keys of one or two trails whose policies name another account, and a second run without faults. */
export const apply = cliTarget({
  name: 'repair-apply',
  runs: 100,
  kinds: [...EVERY_KIND.filter((kind) => kind !== 'half taken'), 'mixed', ...DEATHS],
  prepare(seed, _, folder) {
    const estate = makeEstate(seed, { accounts: [ACCOUNT], count: pick([2, 2, 3], seed, 'count'), kinds: ['foreign'] });
    const broken = estate.trails.flatMap(({ arn, kind, key }) =>
      kind === 'foreign' && key !== null ? [{ arn, key, old: key.policy }] : [],
    );
    const puts: string[] = [];
    const reads = estate.trails.flatMap((trail) => [
      ...readsOf(trail),
      ...['GetKeyRotationStatus', 'ListAliases'].map((operation) => `kms ${operation} ${trail.key?.arn}`),
    ]);
    const ofApply = broken.flatMap(({ arn, key }) => [
      `cloudtrail DescribeTrails ${arn}`,
      `cloudtrail ListTags ${arn}`,
      `kms ListResourceTags ${key.arn}`,
      `kms PutKeyPolicy ${key.arn}`,
    ]);
    const put = `kms PutKeyPolicy ${pick(broken, seed, 'put').key.arn}`;
    const shared = ['sts GetCallerIdentity', `cloudtrail DescribeTrails ${ACCOUNT}`];
    return {
      world: {
        nameOf,
        answer(request) {
          if (request.operation === 'PutKeyPolicy') puts.push(String(request.body.KeyId));
          return answerAbout(estate, request);
        },
      },
      args: ['repair', '--apply', '--yes', '--format', 'json', '--output', folder],
      requests: [...new Set([...shared, `organizations DescribeOrganization ${ACCOUNT}`, ...reads, ...ofApply])],
      options: {
        spared: (request) =>
          sparedOf(
            request,
            broken.flatMap(({ arn, key }) => [arn, key.arn]),
          ),
        favourite: put,
        // After a write it reads again for five minutes: what lasts is to end before that.
        most: (request, from) => (from === 1 || request === put ? Number.POSITIVE_INFINITY : 3),
      },
      killAt: put,
      limit: 110_000,
      judge(ended) {
        const wrong: string[] = [...keptFiles(ended, folder)];
        const outcomes = outcomesIn(ended.stdout);
        for (const { arn, key, old } of broken) {
          const state = stateOf(key, old, arn);
          if (state === 'neither') wrong.push(`(f) the policy is neither the old nor the new one: ${key.policy}`);
          wrong.push(...backupOf(key, old, puts, ended, folder));
          const outcome = outcomes.get(key.arn);
          const claims = outcome === undefined ? null : outcome === null ? 'old' : CLAIMS[outcome.status];
          if (claims && claims !== state) wrong.push(`(f) the policy is ${state}: ${JSON.stringify(outcome)}`);
        }
        const isDone = broken.every(({ arn, key, old }) => stateOf(key, old, arn) === 'new');
        // A delivery that failed before the repair is left for a person: exit code 1.
        const isSaid = broken.every(({ key }) => outcomes.get(key.arn)?.status === 'applied');
        if (ended.code === 0 && !isDone) wrong.push('(c) exit code 0, and not everything is repaired');
        return { isDone: isDone && isSaid && wrong.length === 0, wrong, said: new Map() };
      },
      again({ code, stderr }) {
        const isRepaired = broken.every(({ arn, key, old }) => stateOf(key, old, arn) === 'new');
        return (code === 0 || code === 1) && isRepaired
          ? []
          : [`(e) the next run is not right, exit code ${code}: ${stderr.slice(-300)}`];
      },
    };
  },
});

/** What is read again right before a change and after it: the trail's description twice, all of the key three times. */
function sparedOf(request: string, changed: readonly string[]): number {
  const [, operation = '', subject = ''] = request.split(' ');
  if (!changed.includes(subject) || /PutKeyPolicy|ListTags|ListResourceTags/.test(operation)) return 0;
  if (operation === 'DescribeTrails') return 1;
  return operation === 'GetKeyPolicy' ? 3 : 2;
}

/** What was written over lies in a file, as it was, and the person was told where. */
function backupOf(
  { arn }: EstateKey,
  old: string,
  puts: readonly string[],
  ended: Ended,
  folder: string,
): readonly string[] {
  if (!puts.includes(arn)) return [];
  const id = arn.split('/')[1] ?? '';
  const backup = ended.files.find((file) => file.includes(id) && file.endsWith('.backup.json'));
  if (backup === undefined) return [`(f) a policy was written, and there is no backup of \`${arn}\``];
  const wrong = readFileSync(join(folder, backup), 'utf8') === old ? [] : ['(f) the backup is not the old policy'];
  return ended.stderr.includes(backup) ? wrong : [...wrong, '(f) the backup was not named before the write'];
}

/** Policies and the script, each whole. */
function keptFiles(ended: Ended, folder: string): readonly string[] {
  const wanted = ended.files.filter((file) => /\.(backup|policy)\.json$|^repair\.sh$/.test(file));
  const broken = wanted.filter(
    (file) => file.endsWith('.policy.json') && !isJson(readFileSync(join(folder, file), 'utf8')),
  );
  return [...leftovers(ended, wanted), ...broken.map((file) => `(f) half-written: ${file}`)];
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

/** Of the plans that were to be applied; empty where the run told nothing. */
function outcomesIn(stdout: string): ReadonlyMap<string, Plans['plans'][number]['outcome']> {
  if (!isJson(stdout)) return new Map();
  const { plans } = JSON.parse(stdout) as Plans;
  return new Map(plans.filter(({ status }) => status === 'repaired').map(({ keyArn, outcome }) => [keyArn, outcome]));
}
