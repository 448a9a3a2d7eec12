import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT } from '../../e2e/support/account.ts';
import { answerAbout, nameOf, readsOf } from '../awsAnswers.ts';
import { chance } from '../chance.ts';
import { cliTarget, DEATHS, type Ended } from '../cliTarget.ts';
import { type EstateTrail, makeEstate } from '../estate.ts';
import { EVERY_KIND } from '../kinds.ts';
import { type Expected, judgeVerdicts, type Sent } from '../oracle.ts';
import { isSlow } from '../plan.ts';
import { countOf, expectedOf } from './configRule.ts';

const OLD = 'what was there before';

/** `scan` of two accounts into a file, with or without one there before. */
export const scan = cliTarget({
  name: 'scan',
  runs: 100,
  kinds: [...EVERY_KIND.filter((kind) => kind !== 'half taken'), 'mixed', ...DEATHS],
  prepare(seed, kind, folder) {
    const isKilled = kind === 'SIGTERM' || kind === 'SIGKILL';
    const member = `2${String(seed).padStart(11, '0')}`;
    const accounts = [ACCOUNT, member];
    // A large file takes a while to write.
    const count = isKilled ? 130 : isSlow(kind) ? 3 : countOf(seed, kind);
    const estate = makeEstate(seed, { accounts, count });
    const expected = estate.trails.map((trail): Expected => ({ ...expectedOf(trail, needsOf(trail)), id: trail.arn }));
    const file = join(folder, 'report.json');
    if (chance(seed, 'old') < 0.5) writeFileSync(file, OLD);
    const hadFile = existsSync(file);
    return {
      world: { nameOf, answer: (request) => answerAbout(estate, request) },
      args: ['scan', '--accounts', accounts.join(','), '--role-name', 'Reader', '--format', 'json', '--output', file],
      requests: [...new Set(expected.flatMap(({ needs }) => needs))],
      // What throttles for ever is asked eight times, half a minute in all, and another answer may wait for it.
      limit: 300_000,
      judge(ended, plan) {
        const succeeded = ended.code === 0 || ended.code === 1;
        const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
        const sent = text === null || text === OLD ? [] : verdictsIn(text);
        const wrong = [...leftovers(ended, ['report.json'])];
        if (sent === null) wrong.push('(f) a half-written file');
        if (text === null && hadFile) wrong.push('(f) the file that was there before is gone');
        if ((ended.death !== null || sent === null) && !succeeded) return { isDone: false, wrong, said: new Map() };
        const judged = judgeVerdicts(expected, sent ?? [], plan, succeeded);
        const isFailing = (sent ?? []).some(({ type }) => type === 'NON_COMPLIANT');
        if (succeeded && ended.code !== Number(isFailing)) wrong.push(`(c) exit code ${ended.code}`);
        return { ...judged, wrong: [...wrong, ...judged.wrong] };
      },
    };
  },
});

function needsOf(trail: EstateTrail): readonly string[] {
  const { accountId, key } = trail;
  return [
    `sts GetCallerIdentity`,
    ...(accountId === ACCOUNT ? [] : [`sts AssumeRole arn:aws:iam::${accountId}:role/Reader`]),
    `cloudtrail DescribeTrails ${accountId}`,
    `organizations DescribeOrganization ${accountId}`,
    ...(key === null ? [] : ['GetKeyRotationStatus', 'ListAliases'].map((operation) => `kms ${operation} ${key.arn}`)),
    ...readsOf(trail),
  ];
}

/** Only SIGKILL, which nobody can answer, may leave a temporary file. */
export function leftovers({ files, death }: Ended, expected: readonly string[]): readonly string[] {
  const others = files.filter((file) => !expected.includes(file));
  const isExcused = death === 'SIGKILL' && others.every((file) => file.endsWith('.tmp'));
  return others.length === 0 || isExcused ? [] : [`(f) left behind: ${others.join(', ')}`];
}

interface Report {
  readonly trails: readonly {
    readonly trailArn: string;
    readonly complianceType: string;
    readonly annotation: string;
  }[];
}

/** `null`: the file is not whole. */
function verdictsIn(text: string): readonly Sent[] | null {
  try {
    const { trails } = JSON.parse(text) as Report;
    return trails.map(({ trailArn, complianceType, annotation }) => ({
      id: trailArn,
      type: complianceType,
      annotation,
    }));
  } catch {
    return null;
  }
}
