import { readFileSync } from 'node:fs';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { checkOptions, keyFacts, trailFacts } from '../trail/cases.ts';

const page = readFileSync('docs/remediation.md', 'utf8');
test('the key policy on the page passes every check', () => {
  const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!);
  const given = {
    name: 'the page',
    trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
    bucket: { encryption: { algorithm: 'aws:kms', bucketKeyEnabled: true } },
    policy,
    expect: {},
  };
  const findings = evaluateTrail(trailFacts(given), keyFacts(given), checkOptions(given));
  expect(findings.filter(({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
});

const shown = [page, ...CHECKS.map(({ id }) => readFileSync(`docs/checks/${id}.md`, 'utf8'))].join('\n');
test.each(['--kms-id', '--no-verify-ssl', 'cannot be changed once'])('never advises %s', (wrong) =>
  expect(shown).not.toContain(wrong),
);
