// Slow: `npm run quick` leaves it out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostilePolicy } from '../../scripts/bench/hostilePolicies.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import type { Finding } from '../../src/trail/finding.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const TOO_MUCH =
  /take more combinations of values than are examined \(statements `S2`, `S3`, `S4`, `S5` and \d+ more\)/;

const withStatements = (statements: readonly unknown[]): TrailCase => ({ name: '', statements, expect: {} });

function evaluate(one: TrailCase, key = keyFacts(one)): readonly Finding[] {
  return evaluateTrail(trailFacts(one), key, checkOptions(one));
}

describe('policies that were once too much for a minute are decided', () => {
  const folder = join(__dirname, '../cases/slow');
  test.each(readdirSync(folder))('%s', (file) => {
    const { keys } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { Policy } of keys) {
      const messages = evaluate(withStatements(Policy.Statement)).map(({ message }) => message);
      expect(messages.filter((message) => message.includes('combinations'))).toEqual([]);
    }
  });
});

describe('a policy that takes more work than a question has', () => {
  /** Some 150 statements about one key, each with a pattern that meets all others. */
  const { Statement } = hostilePolicy(24).policy;
  const hostile = withStatements(Statement as readonly unknown[]);
  const key = keyFacts(hostile);
  let findings: readonly Finding[];
  beforeAll(() => {
    findings = evaluate(hostile, key);
  });

  test('leaves that question open, with the statements, and decides the others', () => {
    const open = findings.find(({ check }) => check === 'public-excluded');
    expect(open).toMatchObject({ status: 'unknown', message: expect.stringMatching(TOO_MUCH) });
    expect(findings.find(({ check }) => check === 'key-usable')?.status).toBe('pass');
    expect(findings.find(({ check }) => check === 'other-trails-excluded')?.status).toBe('fail');
  });

  test('gives every trail of the key the same answer, in whatever order they are evaluated', () => {
    const other: TrailCase = { ...hostile, trailArn: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/other' };
    const forwards = [findings, evaluate(other, key)];
    const second = keyFacts(hostile);
    const backwards = [evaluate(other, second), evaluate(hostile, second)].reverse();
    expect(backwards).toEqual(forwards);
  });
});
