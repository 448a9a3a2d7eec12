import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { filesBelow } from '../../scripts/release/zip.ts';
import { RELEASED, REPOSITORY } from './released.ts';

const [one, another] = RELEASED.map((name) => join(process.env.RELEASED ?? '', name, 'dist')) as [string, string];
const release = join(one, 'release');
const { version } = JSON.parse(readFileSync(join(one, '../package.json'), 'utf8')) as { readonly version: string };
const stem = `cloudtrail-kms-rule-${version}`;
const unzipped = (file: string) => unzipSync(readFileSync(join(release, file)));
const bundled = JSON.parse(readFileSync(join(one, 'bundled.json'), 'utf8')) as readonly {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}[];

describe('a release', () => {
  it('is the same from two folders, file by file', () => {
    const [files, others] = [filesBelow(one), filesBelow(another)];
    assert.ok(files.size > 270, `${files.size} files`);
    assert.deepEqual([...others.keys()].sort(), [...files.keys()].sort());
    const differing = [...files].filter(([path, bytes]) => !Buffer.from(bytes).equals(others.get(path) as Buffer));
    assert.deepEqual(
      differing.map(([path]) => path),
      [],
    );
    console.log(`${files.size} identical files`);
  });

  it('consists of the package, the functions, the templates, the bill of materials, notices and checksums', () => {
    const handlers = ['centralEvaluation', 'cloudFormationHook', 'configRule', 'keyEvent', 'repairKeyPolicy'];
    const archives = [...handlers, 'sam'].map((name) => `${stem}-${name}.zip`);
    const others = ['SHA256SUMS', 'THIRD-PARTY-NOTICES.txt', `${stem}.cdx.json`, `${stem}.tgz`];
    const expected = [...archives, ...others].sort();
    const found = readdirSync(release).filter((file) => file !== 'RELEASE-NOTES.md');
    assert.deepEqual(found.sort(), expected);
  });

  it('is a package that names the repository that releases, and that npm would publish', () => {
    const file = `./${stem}.tgz`;
    const manifest = execFileSync('tar', ['--extract', '--to-stdout', '--file', file, 'package/package.json'], {
      cwd: release,
      encoding: 'utf8',
    });
    const { repository, bugs } = JSON.parse(manifest);
    assert.deepEqual([repository.url, bugs.url], [`git+${REPOSITORY}.git`, `${REPOSITORY}/issues`]);
    const said = execFileSync('npm', ['publish', file, '--dry-run', '--json', '--access', 'public'], {
      cwd: release,
      encoding: 'utf8',
    });
    const told = JSON.parse(said);
    assert.equal((told['cloudtrail-kms-rule'] ?? told).id, `cloudtrail-kms-rule@${version}`);
  });

  it('is taken under a tag once docs/releasing.md is followed, and not before', () => {
    const sources = mkdtempSync(join(tmpdir(), 'tagged-'));
    const numbered = ['package.json', 'package-lock.json', 'template.yaml', 'action.yml', 'CHANGELOG.md'];
    for (const file of [...numbered, 'scripts/release'])
      cpSync(join(one, '..', file), join(sources, file), { recursive: true });
    const workflow = { GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'owner/name' };
    const check = () =>
      spawnSync(process.execPath, ['scripts/release/check.ts', 'v9.8.7'], {
        cwd: sources,
        env: { ...process.env, ...workflow },
        encoding: 'utf8',
      });
    const edit = (file: string, from: RegExp, to: string) => {
      const text = readFileSync(join(sources, file), 'utf8');
      assert.match(text, from, file);
      writeFileSync(join(sources, file), text.replace(from, to));
    };
    const before = check();
    assert.deepEqual([before.status, before.stderr.trim().split('\n').length], [1, 2], before.stderr);
    execFileSync('npm', ['version', '--no-git-tag-version', '9.8.7'], { cwd: sources, stdio: 'ignore' });
    edit('template.yaml', /(?<=SemanticVersion: ).+/, '9.8.7');
    edit('action.yml', /(?<=cloudtrail-kms-rule@).+/, '9.8.7');
    edit('CHANGELOG.md', /## \[Unreleased\]/, '## [Unreleased]\n\n## [9.8.7] - 2026-12-01');
    const { status, stderr } = check();
    rmSync(sources, { recursive: true });
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('has the checksums that sha256sum finds', () => {
    const said = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: release, encoding: 'utf8' });
    assert.equal(said.trim().split('\n').length, readdirSync(release).length - 1);
  });

  it('has in each function its handler, alone with the licences', () => {
    for (const handler of readdirSync(join(one, 'lambda'))) {
      const files = Object.keys(unzipped(`${stem}-${handler}.zip`));
      for (const file of ['index.mjs', 'LICENSE', 'THIRD-PARTY-NOTICES.txt']) assert.ok(files.includes(file), file);
      const built = [...filesBelow(join(one, 'lambda', handler)).keys()];
      assert.deepEqual(files.sort(), [...built, 'LICENSE', 'THIRD-PARTY-NOTICES.txt'].sort());
    }
  });

  it('has templates whose functions lie beside them', () => {
    const files = unzipped(`${stem}-sam.zip`);
    const templates = Object.keys(files).filter((file) => file.endsWith('.yaml'));
    const places = templates.flatMap((file) => {
      const { Resources = {} } = parse(Buffer.from(files[file] ?? '').toString(), { logLevel: 'error' }) as Template;
      return Object.values(Resources).flatMap(({ Properties }) =>
        Properties?.CodeUri === undefined ? [] : [posix.join(posix.dirname(file), Properties.CodeUri)],
      );
    });
    assert.equal(places.length, 5);
    for (const place of places) assert.ok(files[`${place}/index.mjs`], place);
  });

  it('names in its bill of materials what it holds code of, each with a hash, a licence and its place', () => {
    const bom = JSON.parse(readFileSync(join(release, `${stem}.cdx.json`), 'utf8')) as Bom;
    assert.equal(bom.bomFormat, 'CycloneDX');
    assert.equal(bom.metadata.component.name, 'cloudtrail-kms-rule');
    const names = (all: readonly { readonly name: string; readonly version: string }[]) =>
      all.map((component) => `${component.name}@${component.version}`).sort();
    assert.deepEqual(names(bom.components), names(bundled));
    for (const { purl, hashes, licenses, externalReferences } of bom.components) {
      assert.match(purl, /^pkg:npm\//);
      assert.equal(hashes.length > 0 && licenses.length > 0, true, purl);
      assert.match(externalReferences[0]?.url ?? '', /^https:\/\/registry\.npmjs\.org\//);
    }
  });

  it('has a notice of each package that it holds code of, all under permissive licences', () => {
    const notices = readFileSync(join(release, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    assert.ok(bundled.length > 30);
    for (const { name, version: held, license } of bundled) {
      assert.match(license, /^(Apache-2\.0|MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD)$/, name);
      assert.ok(notices.includes(`\n${name}@${held} (${license})\n`), name);
    }
  });

  it('goes into a container by the steps of the container file, which fetch nothing', () => {
    const text = readFileSync(join(import.meta.dirname, '../../deploy/container/Containerfile'), 'utf8');
    const inFolder = (line: string) =>
      line
        .replace('/package.tgz', join(release, `${stem}.tgz`))
        .replaceAll('/installed', installed)
        .replaceAll('/opt/', `${installed}/lib/node_modules/`);
    const instruction = (name: string) => inFolder(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? '');
    const installed = mkdtempSync(join(tmpdir(), 'container-'));
    try {
      execFileSync('bash', ['-euo', 'pipefail', '-c', instruction('RUN')], { stdio: 'pipe' });
      assert.match(text, /^COPY --from=installed \/installed\/lib\/node_modules\/cloudtrail-kms-rule \/opt\//m);
      const [node, ...entry] = JSON.parse(instruction('ENTRYPOINT')) as [string, ...string[]];
      const snapshot = join(import.meta.dirname, '../../events/snapshots/compliant.json');
      const said = execFileSync(node, [...entry, 'evaluate', '--snapshot', snapshot], { encoding: 'utf8', cwd: '/' });
      assert.match(said, /COMPLIANT/);
    } finally {
      rmSync(installed, { recursive: true, force: true });
    }
  });

  it('has no trace of the folder that made it', () => {
    const folder = process.env.RELEASED ?? '';
    assert.ok(existsSync(folder));
    for (const [path, bytes] of filesBelow(one)) assert.ok(!Buffer.from(bytes).includes(folder), path);
  });
});

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Properties?: { readonly CodeUri?: string } }>>;
}

interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes: readonly unknown[];
    readonly licenses: readonly unknown[];
    readonly externalReferences: readonly { readonly url: string }[];
  }[];
}
