import { addressesOf } from '../../scripts/release/addresses.ts';
import { changesOf } from '../../scripts/release/changelog.ts';
import { problemsOf } from '../../scripts/release/problems.ts';

const FILES = {
  'package.json': { version: '1.2.3', repository: 'somewhere', bugs: 'there' },
  'package-lock.json': { version: '1.2.3' },
  'template.yaml': 'Metadata:\n  X:\n    SemanticVersion: 1.2.3\n',
  'action.yml': '    default: cloudtrail-kms-rule@1.2.3\n',
  'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n- A change.\n',
};
const problems = (
  tag: string,
  other: Partial<Record<keyof typeof FILES, unknown>>,
  environment: NodeJS.ProcessEnv = {},
) =>
  problemsOf(
    (file) => {
      const content = { ...FILES, ...other }[file as keyof typeof FILES];
      return typeof content === 'string' ? content : JSON.stringify(content);
    },
    tag,
    environment,
  );

const WORKFLOW = { GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'owner/name' };
const NOWHERE = 'and no workflow of a repository runs (docs/releasing.md)';

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
    [`package.json has no \`repository\`, ${NOWHERE}`, `package.json has no \`bugs\`, ${NOWHERE}`],
  ],
])('against a release: %s', (_, tag, other, expected) => expect(problems(tag, other)).toEqual(expected));

test.each([
  ['1.2.3', '- A change.'],
  ['1.2.4', null],
])('what the changelog says of %s', (version, expected) => {
  expect(changesOf(`${FILES['CHANGELOG.md']}\n## [1.2.2]\n\n- An older one.\n`, version)).toBe(expected);
});

test('the workflow of a repository is address enough', () => {
  expect(problems('v1.2.3', { 'package.json': { version: '1.2.3' } }, WORKFLOW)).toEqual([]);
});

test.each([
  ['nothing, elsewhere', {}, {}, {}],
  ['what package.json says', { repository: 'there', bugs: 'here' }, WORKFLOW, { repository: 'there', bugs: 'here' }],
  [
    'the repository whose workflow runs',
    {},
    WORKFLOW,
    {
      repository: { type: 'git', url: 'git+https://github.example/owner/name.git' },
      bugs: { url: 'https://github.example/owner/name/issues' },
    },
  ],
])('the addresses in what is published: %s', (_, manifest, environment, expected) => {
  expect(addressesOf(manifest, environment)).toEqual(expected);
});
