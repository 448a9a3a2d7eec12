import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { cli } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
const at = (name: string): string => join(folder, name);

function configured(text: string): string {
  writeFileSync(at('given.yaml'), text);
  return at('given.yaml');
}

const EVALUATE = ['evaluate', '--snapshot', 'events/snapshots/unencrypted.json'];
const withConfig = (text: string, ...args: readonly string[]) =>
  cli([...EVALUATE, '--config', configured(text), ...args]);

describe('options of a file', () => {
  test.each<[string, string, readonly string[], number]>([
    ['none', '', [], 1],
    ['one of the command', 'fail-on: never', [], 0],
    ['JSON', '{"fail-on": "never"}', [], 0],
    ['below the name of the command', 'evaluate: { fail-on: never }', [], 0],
    ['below the name of another command', 'scan: { fail-on: never }', [], 1],
    ["the command's own before the general one", 'fail-on: never\nevaluate: { fail-on: non-compliant }', [], 1],
    ['the command line before both', 'fail-on: never', ['--fail-on', 'non-compliant'], 1],
    ['a list', 'fail-on: [undecided, excepted]', [], 2],
    ['a list that is accepted', 'fail-on: [undecided, non-compliant]', [], 1],
    ['a map', 'parameters: { advisoryChecks: trail-encrypted }', [], 0],
    ['one that only another command has', 'all-regions: true', [], 1],
    ['null', 'fail-on:', [], 1],
    ['a switch', 'quiet: true', [], 1],
    ['a switch that is no switch', 'quiet: yes please', [], 2],
    ['one that no command has', 'fails-on: never', [], 2],
    ['a choice that there is not', 'format: pdf', [], 2],
    ['consent', 'yes: true', [], 2],
    ['a text', 'fail-on', [], 2],
    ['no YAML', 'a: [', [], 2],
    ['a command without options', 'evaluate: 1', [], 2],
  ])('%s', async (_, text, args, code) => {
    expect((await withConfig(text, ...args)).code).toBe(code);
  });

  test('the required one too', async () => {
    const file = configured('snapshot: events/snapshots/compliant.json');
    expect((await cli(['evaluate', '--config', file])).code).toBe(0);
  });

  test('several of one that may be given several times, and those of the command line', async () => {
    await withConfig(`report: ["json=${at('a.json')}", "csv=${at('b.csv')}"]`, '--report', `junit=${at('c.xml')}`);
    expect(['a.json', 'b.csv', 'c.xml'].map((name) => readFileSync(at(name), 'utf8').length > 100)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test.each([
    ['--all-regions', 'regions: eu-west-1'],
    ['--regions', 'all-regions: true'],
  ])('%s on the command line takes the place of `%s`', async (flag, text) => {
    const args = ['scan', flag, ...(flag === '--regions' ? ['nowhere'] : []), '--config', configured(text)];
    expect((await cli([...args, '--accounts', 'none'])).stderr).not.toMatch(/exclude each other/);
  });

  test('which are taken is said, but for --quiet', async () => {
    const text = 'fail-on: never\nminimum-severity: LOW';
    expect((await withConfig(text)).stderr).toMatch(
      /^cloudtrail-kms: options of `.*given\.yaml`: fail-on, minimum-severity\n$/,
    );
    expect((await withConfig(text, '--quiet')).stderr).toBe('');
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await cli([...EVALUATE, '--config', at('none.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('none.yaml');
  });
});

test('the schema knows what is accepted', () => {
  const schema = JSON.parse(readFileSync('docs/schemas/configuration.schema.json', 'utf8'));
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  const accepted = { 'minimum-severity': 'HIGH', quiet: true, format: 'json', check: { 'account-id': '111122223333' } };
  expect(validate(accepted)).toBe(true);
  for (const bad of [{ format: 'pdf' }, { quiet: 'yes' }, { yes: true }, { check: { 'all-regions': true } }])
    expect(validate(bad)).toBe(false);
});
