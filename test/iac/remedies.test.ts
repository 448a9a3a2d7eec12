// Slow: `npm run quick` leaves it out.
import { cli } from '../cli/support.ts';
import { spread } from '../runs.ts';
import { FAULTY, type FaultyTemplate } from './faultyTemplates.ts';
import { paste } from './paste.ts';
import { scratchFolder } from './support.ts';

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remediation: string;
}

/** More than any of the templates needs. */
const MOST_STEPS = 6;

const write = scratchFolder();

async function check(template: object, { args }: FaultyTemplate): Promise<readonly Finding[]> {
  const file = await write('template.json', JSON.stringify(template));
  const { stdout } = await cli(['check', file, '--format', 'json', ...args]);
  return JSON.parse(stdout).trails[0].findings;
}

const failing = (findings: readonly Finding[]) => findings.filter(({ status }) => status === 'fail');
const worse = (before: readonly Finding[], after: readonly Finding[]): readonly string[] =>
  after.flatMap(({ check: id, status, message }, at) => {
    const was = before[at]!.status;
    const isWorse = status === 'fail' ? was !== 'fail' : was === 'pass' && status !== 'pass';
    return isWorse ? `${id} ${was} -> ${status}: ${message}` : [];
  });

/** A key whose policy referred to the trail would be circular: the trail refers to the key. */
const namesTrail = (template: object): boolean =>
  Object.values((template as { Resources: Record<string, { Type: string }> }).Resources).some(
    (one) =>
      one.Type === 'AWS::KMS::Key' && /"Ref":"Trail"|\$\{Trail[.}]|"Fn::GetAtt":\["Trail"/.test(JSON.stringify(one)),
  );

describe.each(spread(FAULTY, 6).map((row) => [row.fault, row] as const))('%s', (_, row) => {
  test('each remedy, pasted by its words, fixes its check, makes no other worse and is not circular', async () => {
    const before = await check(row.template, row);
    expect(failing(before).map((one) => one.check)).toContain(row.check);
    for (const { check: id, remediation } of failing(before)) {
      const pasted = paste(row.template, remediation);
      expect([id, remediation, pasted === null]).toEqual([id, remediation, false]);
      const after = await check(pasted!, row);
      expect([id, remediation, after.find((one) => one.check === id)?.status]).toEqual([id, remediation, 'pass']);
      expect([id, remediation, worse(before, after)]).toEqual([id, remediation, []]);
      expect(namesTrail(pasted!)).toBe(false);
    }
  });

  test('one after another they leave nothing that fails', async () => {
    let { template } = row;
    let left = failing(await check(template, row));
    for (let step = 0; left[0] !== undefined && step < MOST_STEPS; step += 1) {
      template = paste(template, left[0].remediation) ?? template;
      left = failing(await check(template, row));
    }
    expect(left).toEqual([]);
  });
});
