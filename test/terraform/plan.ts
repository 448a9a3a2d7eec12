/**
 * Writes what `terraform show -json` says of each program in `test/cases/iac/terraform` beside it, as `plan.json`, less
 * what no reader of plans looks at. AWS is moto (`bash test/e2e/setup.sh`).
 *
 *   node test/terraform/plan.ts [PROGRAM...]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto } from '../e2e/support/moto.ts';

type Members = Readonly<Record<string, unknown>>;

const programs = join(import.meta.dirname, '../cases/iac/terraform');
const wanted = process.argv.slice(2);
const moto = await startMoto();
const endpoint = `http://127.0.0.1:${moto.port}`;
const env = {
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  CHECKPOINT_DISABLE: '1',
};
try {
  await makeSharedKey();
  for (const name of wanted.length === 0 ? readdirSync(programs) : wanted) {
    writeFileSync(join(programs, name, 'plan.json'), `${JSON.stringify(lessOf(planOf(name)), null, 1)}\n`);
    console.log(name);
  }
} finally {
  moto.stop();
}

function planOf(name: string): Members {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  try {
    cpSync(join(programs, name), folder, { recursive: true });
    const terraform = (...args: string[]) =>
      execFileSync('terraform', args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 1e8 });
    terraform('init', '-input=false', '-no-color');
    terraform('plan', '-input=false', '-no-color', '-out=tfplan');
    return JSON.parse(terraform('show', '-json', 'tfplan'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The key that programs find by its alias: made by nobody's plan. */
async function makeSharedKey(): Promise<void> {
  const call = async (
    operation: string,
    body: Members,
  ): Promise<{ readonly KeyMetadata: { readonly KeyId: string } }> => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/kms/aws4_request, SignedHeaders=host, Signature=0';
    const headers = {
      'x-amz-target': `TrentService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
      authorization,
    };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation}: ${text}`);
    return JSON.parse(text === '' ? '{}' : text);
  };
  const { KeyMetadata } = await call('CreateKey', {});
  await call('CreateAlias', { AliasName: 'alias/shared-audit', TargetKeyId: KeyMetadata.KeyId });
}

/** Values that are null say nothing, and the time of the plan would be another one each time. */
function lessOf({ timestamp: _, relevant_attributes: __, checks: ___, ...plan }: Members): unknown {
  return JSON.parse(JSON.stringify(plan, (key, value) => (value === null && key !== 'before' ? undefined : value)));
}
