import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';

/** One row of a table of templates or plans: what `check` says of the one trail that the file holds. */
export interface CheckCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly complianceType: string;
  /** The trail's logical id or resource address. */
  readonly address?: string;
  /** The status of each check that matters to the case. */
  readonly findings: Readonly<Record<string, string>>;
  /** References that the finding of a check names. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  /** The file creates no trail. */
  readonly none?: boolean;
}

/** Writes files into a folder of their own, which is removed after the tests. */
export function scratchFolder(): (name: string, content: string) => Promise<string> {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return async (name, content) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
}

/** Runs `check` over a file and compares the report with the row. */
export async function expectCase(file: string, row: CheckCase): Promise<void> {
  const { code, stdout, stderr } = await cli(['check', file, '--format', 'json', ...row.args]);
  if (code > 1) throw new Error(stderr);
  const { trails } = JSON.parse(stdout) as Report;
  expect(trails).toHaveLength(row.none ? 0 : 1);
  const [trail] = trails;
  if (trail !== undefined) {
    const found = new Map(trail.findings.map((finding) => [finding.check as string, finding]));
    const statuses = Object.keys(row.findings).map((check) => [check, found.get(check)?.status]);
    expect(Object.fromEntries(statuses)).toEqual(row.findings);
    for (const [check, names] of Object.entries(row.names))
      for (const name of names) expect(`${check}: ${found.get(check)?.message}`).toContain(name);
    const { address = 'Trail', complianceType, identity } = row;
    expect(trail).toMatchObject({ address, complianceType, ...identity });
    expect(JSON.stringify(trail)).not.toMatch(/[\uE000\uE001]|unresolved-(name|text)|zz-|499000000017/);
  }
  expect(code).toBe(row.exitCode);
}
