import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FAULTY } from '../iac/faultyTemplates.ts';
import { paste } from '../iac/paste.ts';
import { cli } from './support/cli.ts';

interface Finding {
  readonly status: string;
  readonly remediation: string;
}

describe('remedies for templates', () => {
  it('cfn-lint finds nothing wrong with a template into which any of them was pasted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remedies-'));
    const files: string[] = [];
    for (const [number, { fault, template, args }] of FAULTY.entries()) {
      const file = join(folder, `${number}.json`);
      writeFileSync(file, JSON.stringify(template, null, 2));
      const { stdout } = await cli(['check', file, '--format', 'json', ...args], {});
      const findings: readonly Finding[] = JSON.parse(stdout).trails[0].findings;
      const remedies = new Set(findings.flatMap((one) => (one.status === 'fail' ? one.remediation : [])));
      assert.ok(remedies.size > 0, fault);
      for (const remedy of remedies) {
        const pasted = paste(template, remedy);
        assert.ok(pasted !== null, `${fault}: ${remedy}`);
        const name = join(folder, `${number}-${files.length}.json`);
        writeFileSync(name, JSON.stringify(pasted, null, 2));
        files.push(name);
      }
    }
    process.stdout.write(`cfn-lint on ${files.length} templates of ${FAULTY.length} faults\n`);
    // Ends otherwise than with 0 on whatever it finds, and prints it.
    execFileSync('cfn-lint', files, { stdio: ['ignore', 'inherit', 'inherit'] });
  });
});
