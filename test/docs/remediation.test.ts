import { readFileSync } from 'node:fs';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { checkOptions, keyFacts, trailFacts } from '../trail/cases.ts';

const page = readFileSync('docs/remediation.md', 'utf8');
const sections = page.split(/^### /m).slice(1);

test.each(CHECKS.map((check) => [check.id, check] as const))(
  '%s has a section with its severity and a way to verify',
  (id, { severity }) => {
    const section = sections.find((text) => text.startsWith(`${id}\n`));
    expect(section).toContain(`**${severity}`);
    expect(section).toContain('**Verify**');
  },
);

const WAYS = ['Console', 'CLI', 'Terraform', 'CloudFormation', 'Verify'];
test.each(CHECKS.flatMap(({ id }) => WAYS.map((way) => [id, way] as const)))('%s says how: %s', (id, way) => {
  const section = sections.find((text) => text.startsWith(`${id}\n`));
  expect(section).toMatch(new RegExp(`^- \\*\\*${way}\\*\\*: \\S`, 'm'));
});

test('how urgent each finding is stands before the recipes, once', () => {
  const table = /## Which finding, how urgent\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  const listed = [...table.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(listed.filter((anchor) => anchor !== 'undecided').sort()).toEqual(CHECKS.map(({ id }) => id).sort());
});

test('no section is about a check that does not exist', () => {
  const ids = sections.map((text) => text.split('\n')[0]!).filter((title) => /^[a-z]+(-[a-z]+)+$/.test(title));
  expect(ids).toEqual(CHECKS.map(({ id }) => id));
});

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

test('links within the page lead somewhere', () => {
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

test.each(['--kms-id', '--no-verify-ssl', 'cannot be changed once'])('never advises %s', (wrong) =>
  expect(page).not.toContain(wrong),
);
