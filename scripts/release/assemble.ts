/**
 * Makes everything that a release consists of in `dist/release`, and publishes nothing: the packed npm package, an archive
 * of each Lambda function, one of the templates with the functions built, the bill of materials, the notices of third parties,
 * and the checksums of them all.
 *
 *   npm run release
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtConfig, builtTemplate } from './builtTemplate.ts';
import { changesOf } from './changelog.ts';
import { checksums } from './checksums.ts';
import { type CycloneDx, shippedBom } from './sbom.ts';
import { type Files, filesBelow, zip } from './zip.ts';

const root = join(import.meta.dirname, '../..');
const release = join(root, 'dist/release');
const packed = mkdtempSync(join(tmpdir(), 'packed-'));
const npm = (...args: readonly string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8' });
const read = (file: string) => readFileSync(join(root, file));
const { name, version } = JSON.parse(String(read('package.json'))) as Record<'name' | 'version', string>;
const stem = `${name}-${version}`;

// Packing builds, and empties `dist` for it.
npm('pack', '--silent', '--pack-destination', packed);
mkdirSync(release);
for (const file of readdirSync(packed)) copyFileSync(join(packed, file), join(release, file));
rmSync(packed, { recursive: true });

const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const legal: Files = new Map([
  ['LICENSE', read('LICENSE')],
  [NOTICES, read(`dist/${NOTICES}`)],
]);
const write = (file: string, content: string | Uint8Array) => writeFileSync(join(release, file), content);

for (const handler of readdirSync(join(root, 'dist/lambda')))
  write(`${stem}-${handler}.zip`, zip(new Map([...filesBelow(join(root, 'dist/lambda', handler)), ...legal])));

const templates = new Map([['template.yaml', read('template.yaml')], ...filesBelow(join(root, 'deploy'), 'deploy/')]);
const built = [...templates].map(([path, bytes]) => {
  const text = path.endsWith('.yaml') ? builtTemplate(String(bytes), path) : bytes;
  return [path, typeof text === 'string' ? Buffer.from(text) : text] as const;
});
const rest = ['README.md', 'CHANGELOG.md'].map((file) => [file, read(file)] as const);
const config = ['samconfig.toml', Buffer.from(builtConfig(String(read('samconfig.toml'))))] as const;
const functions = filesBelow(join(root, 'dist/lambda'), 'lambda/');
write(`${stem}-sam.zip`, zip(new Map([...built, ...functions, ...rest, config, ...legal])));

const bom = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only')) as CycloneDx;
const bundled = JSON.parse(String(read('dist/bundled.json')));
write(`${stem}.cdx.json`, `${JSON.stringify(shippedBom(bom, name, bundled), null, 2)}\n`);
write(NOTICES, read(`dist/${NOTICES}`));
const notes = changesOf(String(read('CHANGELOG.md')), version);
if (notes !== null) write('RELEASE-NOTES.md', `${notes}\n`);
write('SHA256SUMS', checksums(filesBelow(release)));
console.log(readdirSync(release).sort().join('\n'));
