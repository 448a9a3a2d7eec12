/**
 * Writes what `cdk synth` makes of the stacks into `test/cases/iac/cdk`, less what no reader of templates looks at.
 *
 *   npm ci --prefix test/cdk && node test/cdk/synthesise.js
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ALONE, crossStack, nested, staged } from './stacks.js';

const outdir = join(import.meta.dirname, '../cases/iac/cdk');
rmSync(outdir, { recursive: true, force: true });
// The command `cdk` asks for paths: they are the author's names.
const context = { 'aws:cdk:enable-path-metadata': true };
const app = new App({ outdir, context, analyticsReporting: false, treeMetadata: false });
for (const [id, build] of Object.entries(ALONE)) build(app, id, {});
crossStack(app, 'Shared', 'audit');
crossStack(app, 'SharedWrong', 'audit-2');
nested(app, {});
staged(app);
app.synth();

for (const entry of readdirSync(outdir, { recursive: true })) {
  const file = join(outdir, entry);
  if (/(^|[/\\])cdk\.out$|\.metadata\.json$|validation-report\.json$/.test(entry)) rmSync(file);
  else if (/\.json$/.test(entry)) {
    const document = JSON.parse(readFileSync(file, 'utf8'));
    const kept = document.artifacts === undefined ? document : withoutTraces(document);
    writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  }
}

/** A manifest without roles, bootstrapping, and the paths of the machine that made it. */
function withoutTraces({ version, artifacts }) {
  const kept = Object.entries(artifacts).map(([id, { type, environment, properties }]) => {
    const { templateFile, stackName, parameters, directoryName, displayName, file } = properties;
    return [
      id,
      { type, environment, properties: { templateFile, stackName, parameters, directoryName, displayName, file } },
    ];
  });
  return { version, artifacts: Object.fromEntries(kept) };
}
