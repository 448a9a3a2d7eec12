import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { RELEASED } from './released.ts';

const root = join(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
/** The machine's own Node, where it is another one than npm scripts get: the oldest that must do. */
const oldest = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .find((node) => existsSync(node));

const SNAPSHOT = join(root, 'events/snapshots/compliant.json');

describe('the packed file', () => {
  let folder: string;
  let tarball: string;
  let contents: readonly string[];
  let consumer: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    tarball = join(process.env.RELEASED ?? '', RELEASED[0], `dist/release/${name}-${version}.tgz`);
    const listed = run('tar', ['--list', '--gzip', '--file', tarball], folder).trim().split('\n');
    contents = listed.map((path) => path.replace(/^package\//, ''));
    consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    writeFileSync(join(consumer, 'package.json'), '{"name":"consumer","private":true}');
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], consumer);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the binary, the library, its types and what a reader needs, and nothing else', () => {
    const expected =
      /^(dist\/(cli\.js|cli\/[\w-]+\.js|index\.c?js|types\/[\w/]+\.d\.c?ts|THIRD-PARTY-NOTICES\.txt)|docs\/schemas\/[\w-]+\.schema\.json|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    assert.deepEqual(
      contents.filter((path) => !expected.test(path)),
      [],
    );
    for (const path of [
      'dist/cli.js',
      'dist/index.js',
      'dist/index.cjs',
      'dist/types/index.d.ts',
      'LICENSE',
      'dist/THIRD-PARTY-NOTICES.txt',
    ]) {
      assert.ok(contents.includes(path), path);
    }
  });

  it('installs nothing beside itself, also without a network', () => {
    const installed = JSON.parse(readFileSync(join(consumer, 'node_modules/.package-lock.json'), 'utf8'));
    assert.deepEqual(Object.keys(installed.packages), ['node_modules/cloudtrail-kms-rule']);
  });

  it('runs through npx in an empty folder', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const args = ['--yes', '--offline', `--package=${tarball}`, 'cloudtrail-kms', 'evaluate', '--snapshot', SNAPSHOT];
    assert.match(run('npx', args, empty), /COMPLIANT/);
  });

  it('has one command, which npx runs by the name of the package: from the file and where it is installed', () => {
    const command = ['evaluate', '--snapshot', SNAPSHOT];
    const empty = mkdtempSync(join(folder, 'empty-'));
    assert.match(run('npx', ['--yes', '--offline', `file:${tarball}`, ...command], empty), /COMPLIANT/);
    assert.match(run('npx', ['--no', '--offline', 'cloudtrail-kms-rule', ...command], consumer), /COMPLIANT/);
  });

  it('is what the GitHub Action runs, step by step in a plain shell', () => {
    const checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, 'stacks'), { recursive: true });
    for (const name of ['good.yaml', 'wrong-account.yaml'])
      cpSync(join(root, 'events/templates', name), join(checkout, 'stacks', name));
    const given = { files: 'stacks/*.yaml', 'account-id': '111122223333', region: 'us-east-1', package: tarball };
    const { status, outputs, said } = walkAction(given, checkout, join(folder, 'runner'));
    assert.equal(status, 1, said);
    assert.match(said, /cloudtrail-can-encrypt/);
    assert.deepEqual(outputs, { written: 'true' });
    const { runs } = JSON.parse(readFileSync(join(checkout, 'cloudtrail-kms.sarif'), 'utf8'));
    const uris = runs[0].results.map((one: SarifResult) => one.locations[0].physicalLocation.artifactLocation.uri);
    assert.deepEqual([...new Set(uris)], ['stacks/wrong-account.yaml']);
    const good = walkAction({ ...given, files: 'stacks/good.yaml' }, checkout, join(folder, 'runner'));
    assert.equal(good.status, 0, good.said);
  });

  it(`runs on ${oldest === undefined ? process.version : run(oldest, ['--version'], root).trim()}`, () => {
    const installed = join(consumer, 'node_modules/cloudtrail-kms-rule/dist/cli.js');
    const node = oldest ?? process.execPath;
    assert.match(run(node, [installed, 'evaluate', '--snapshot', SNAPSHOT], consumer), /COMPLIANT/);
    // As far as it gets without credentials: the SDK is loaded, and asks for them.
    const { status, stderr } = spawnSync(node, [installed, 'scan', '--regions', 'us-east-1'], {
      env: { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' },
      encoding: 'utf8',
    });
    assert.match(stderr, /^cloudtrail-kms: no AWS credentials were found[^\n]*\n$/);
    assert.equal(status, 3);
  });

  for (const [name, file, source] of [
    ['import', 'use.mjs', "import { authorize, evaluateTrail, parseKeyPolicy } from 'cloudtrail-kms-rule';"],
    ['require', 'use.cjs', "const { authorize, evaluateTrail, parseKeyPolicy } = require('cloudtrail-kms-rule');"],
  ] as const) {
    it(`gives its library to ${name}`, () => {
      writeFileSync(join(consumer, file), `${source}\n${USE}\nconsole.log(decision.outcome, typeof evaluateTrail);\n`);
      assert.equal(run(oldest ?? process.execPath, [file], consumer), 'allowed function\n');
    });
  }

  for (const resolution of ['nodenext', 'bundler'] as const) {
    it(`gives its types to TypeScript that resolves as ${resolution}`, () => {
      writeFileSync(join(consumer, 'typed.mts'), TYPED);
      const module = resolution === 'bundler' ? 'esnext' : resolution;
      const options = ['--noEmit', '--strict', '--types', '', '--module', module, '--moduleResolution', resolution];
      run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...options, 'typed.mts'], consumer);
    });
  }

  it('has the version that the Serverless Application Repository is told', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    assert.match(
      readFileSync(join(root, 'template.yaml'), 'utf8'),
      new RegExp(`^    SemanticVersion: ${version}$`, 'm'),
    );
  });

  it('publint finds nothing', () => {
    const unpacked = join(consumer, 'node_modules/cloudtrail-kms-rule');
    const output = run(process.execPath, [join(modules, 'publint/src/cli.js'), unpacked, '--strict'], consumer);
    assert.match(output, /All good!/);
  });

  it('arethetypeswrong finds nothing', () => {
    const output = run(process.execPath, [join(modules, '@arethetypeswrong/cli/dist/index.js'), tarball], consumer);
    assert.match(output, /No problems found/);
  });
});

interface SarifResult {
  readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }];
}

/** The steps that are scripts, one after the other with their inputs, as a runner does it. */
function walkAction(given: Readonly<Record<string, string>>, cwd: string, temp: string) {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly runs: {
      readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
    };
  };
  mkdirSync(temp, { recursive: true });
  const GITHUB_OUTPUT = join(temp, 'output');
  writeFileSync(GITHUB_OUTPUT, '');
  const answerTo = (expression: string): string => {
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input !== undefined) return given[input] ?? action.inputs[input]?.default ?? '';
    assert.equal(expression, 'runner.temp');
    return temp;
  };
  let said = '';
  let status: number | null = 0;
  for (const { run: script, env = {} } of action.runs.steps) {
    if (script === undefined || status !== 0) continue;
    const values = Object.entries(env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => answerTo(expression)),
    ]);
    // Nothing that is installed may come from a registry.
    const offline = { npm_config_offline: 'true', npm_config_cache: join(temp, 'cache') };
    const surroundings = { PATH: process.env.PATH, HOME: temp, ...offline, GITHUB_OUTPUT };
    const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    const done = spawnSync('bash', shell, {
      cwd,
      encoding: 'utf8',
      env: { ...surroundings, ...Object.fromEntries(values) },
    });
    said += `${done.stdout}${done.stderr}`;
    status = done.status;
  }
  const lines = readFileSync(GITHUB_OUTPUT, 'utf8').trim().split('\n');
  return { status, said, outputs: Object.fromEntries(lines.map((line) => line.split('='))) };
}

const USE = `const parsed = parseKeyPolicy({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:*', Resource: '*' }],
});
if (!parsed.valid) throw new Error(parsed.error);
const decision = authorize(parsed.policy, {
  principal: { service: 'cloudtrail.amazonaws.com' },
  action: 'kms:GenerateDataKey',
  resource: 'arn:aws:kms:us-east-1:111122223333:key/k',
  context: {},
  otherKeys: 'absent',
});`;

const TYPED = `import {
  authorize, defaultCheckOptions, evaluateTrail, parseKeyPolicy, type Finding, type KeyFacts, type TrailFacts,
} from 'cloudtrail-kms-rule';
${USE}
const answer: 'allowed' | 'denied' | 'delegated' | 'unknown' = decision.outcome;
export const findings = (trail: TrailFacts, key: KeyFacts): readonly Finding[] =>
  answer === 'allowed' ? evaluateTrail(trail, key, defaultCheckOptions) : [];
`;

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error ?? stderr}${stdout}`);
  return stdout;
}
