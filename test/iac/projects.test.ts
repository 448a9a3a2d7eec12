// Slow: `npm run quick` leaves it out.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TrailReport } from '../../src/report/report.ts';
import cases from '../cases/iac/projects/projects.json';
import { cli } from '../cli/support.ts';
import { spread } from '../runs.ts';

interface ExpectedTrail extends Partial<TrailReport> {
  readonly file: string;
  readonly names?: readonly string[];
}

interface ProjectCase {
  readonly name: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
  readonly exitCode: number;
  readonly trails: readonly (Omit<ExpectedTrail, 'findings'> & {
    readonly findings: Readonly<Record<string, string>>;
  })[];
  readonly keys?: readonly { readonly file: string; readonly address: string }[];
  readonly notes?: readonly string[];
  readonly silent?: readonly string[];
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ROWS = (cases as readonly unknown[] as readonly ProjectCase[]).map((row) => [row.name, row] as const);

test.each(spread(ROWS, 40))(
  '%s',
  async (_, { files, args = [], exitCode, trails, keys = [], notes = [], silent = [] }) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), JSON.stringify(content));
    }
    const given = args.map((arg) => arg.replace('FOLDER', folder));
    const { code, stdout, stderr } = await cli(['check', folder, '--format', 'json', ...given]);
    const report = JSON.parse(stdout);

    const inFolder = (place: string) => place.replaceAll(`${folder}/`, '');
    const shown = report.trails.map((trail: TrailReport, at: number) => {
      const { findings = {}, file: _file, names: _names, ...identity } = trails[at] ?? {};
      const found = new Map(trail.findings.map((one) => [one.check as string, one]));
      return {
        file: inFolder(trail.location?.file ?? ''),
        findings: Object.fromEntries(Object.keys(findings).map((check) => [check, found.get(check)?.status])),
        ...Object.fromEntries(Object.keys(identity).map((name) => [name, trail[name as keyof TrailReport]])),
      };
    });
    expect(shown).toEqual(trails.map(({ names: _names, ...expected }) => expected));
    for (const [at, { names = [], findings }] of trails.entries()) {
      const [check] = Object.keys(findings);
      const message = report.trails[at].findings.find((one: { check: string }) => one.check === check)?.message;
      for (const name of names) expect(message).toContain(name);
    }
    const alone = (report.keys ?? []).map(({ location, address }: TrailReport) => ({
      file: inFolder(location?.file ?? ''),
      address,
    }));
    expect(alone).toEqual(keys);
    for (const note of notes) expect(inFolder(stderr)).toContain(note);
    for (const text of silent) expect(stderr).not.toContain(text);
    expect(stderr).not.toMatch(/[\uE000\uE001]/);
    expect(code).toBe(exitCode);
  },
);
