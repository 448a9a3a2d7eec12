import { changesOf } from '../../scripts/release/changelog.ts';
import { problemsOf } from '../../scripts/release/problems.ts';

const FILES = {
  'package.json': { version: '1.2.3', repository: 'somewhere', bugs: 'there' },
  'package-lock.json': { version: '1.2.3' },
  'template.yaml': 'Metadata:\n  X:\n    SemanticVersion: 1.2.3\n',
  'action.yml': '    default: cloudtrail-kms-rule@1.2.3\n',
  'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n- A change.\n',
};
const problems = (tag: string, other: Partial<Record<keyof typeof FILES, unknown>>) =>
  problemsOf((file) => {
    const content = { ...FILES, ...other }[file as keyof typeof FILES];
    return typeof content === 'string' ? content : JSON.stringify(content);
  }, tag);

const OWNER = 'it is the address of the repository that releases (docs/releasing.md)';

test.each<[string, string, Partial<Record<keyof typeof FILES, unknown>>, readonly string[]]>([
  ['nothing', 'v1.2.3', {}, []],
  ['no tag', '', {}, ['the tag says ``, package.json needs `v1.2.3`']],
  ['another tag', 'v1.2.4', {}, ['the tag says `v1.2.4`, package.json needs `v1.2.3`']],
  [
    'what the Serverless Application Repository would be told',
    'v1.2.3',
    { 'template.yaml': '    SemanticVersion: 1.2.2\n' },
    ['template.yaml says `1.2.2`, package.json needs `1.2.3`'],
  ],
  [
    'what the Action installs',
    'v1.2.3',
    { 'action.yml': '    default: cloudtrail-kms-rule@1.0.0\n' },
    ['action.yml says `1.0.0`, package.json needs `1.2.3`'],
  ],
  [
    'the lockfile',
    'v1.2.3',
    { 'package-lock.json': { version: '1.0.0' } },
    ['package-lock.json says `1.0.0`, package.json needs `1.2.3`'],
  ],
  [
    'no word about it',
    'v1.2.3',
    { 'CHANGELOG.md': '## [Unreleased]\n\n- A change.\n' },
    ['CHANGELOG.md has no section `## [1.2.3]`, or an empty one'],
  ],
  [
    'no owner',
    'v1.2.3',
    { 'package.json': { version: '1.2.3' } },
    [`package.json has no \`repository\`: ${OWNER}`, `package.json has no \`bugs\`: ${OWNER}`],
  ],
])('against a release: %s', (_, tag, other, expected) => expect(problems(tag, other)).toEqual(expected));

test.each([
  ['1.2.3', '- A change.'],
  ['1.2.4', null],
])('what the changelog says of %s', (version, expected) => {
  expect(changesOf(`${FILES['CHANGELOG.md']}\n## [1.2.2]\n\n- An older one.\n`, version)).toBe(expected);
});
