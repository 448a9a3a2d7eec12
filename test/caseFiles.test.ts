import { globSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

const read = (path: string) => JSON.parse(readFileSync(`test/cases/${path}`, 'utf8'));

/** The schema of each kind of file, as the README's table has them. */
const KINDS = [
  ...readFileSync('test/cases/README.md', 'utf8').matchAll(/^\| `(\S+\.json)` \|.*\| `([\w-]+)` \|$/gm),
].map(([, files = '', schema = '']) => ({ files: globSync(files.replace('ID', '*'), { cwd: 'test/cases' }), schema }));
/** Inputs without an answer, and what the schemas themselves are. */
const NO_CASES = /^(schemas|vendor|slow|report|cli\/untrusted|iac\/(cdk|terraform))\/|^cli\/snapshot\.json$/;

const ajv = addFormats(new Ajv2020({ strictTypes: true, strictTuples: true, allowUnionTypes: true }));
const validatorOf = (schema: string) => {
  const id = `${schema}.schema.json`;
  return ajv.getSchema(id) ?? ajv.compile({ $id: id, ...read(`schemas/${id}`) });
};

test.each(KINDS.flatMap(({ files, schema }) => files.map((file) => [file, schema] as const)))(
  '%s is of the kind `%s`',
  (file, schema) => {
    const validate = validatorOf(schema);
    validate(read(file));
    expect(validate.errors ?? []).toEqual([]);
  },
);

test('every file with cases has a schema, and every schema files', () => {
  const all = globSync('**/*.json', { cwd: 'test/cases' }).filter((file) => !NO_CASES.test(file));
  expect(KINDS.flatMap(({ files }) => files).sort()).toEqual(all.sort());
  const schemas = globSync('*.json', { cwd: 'test/cases/schemas' }).map((file) => file.replace('.schema.json', ''));
  expect(KINDS.filter(({ files }) => files.length > 0).map(({ schema }) => schema)).toEqual(
    expect.arrayContaining(schemas),
  );
});

test.each([
  ['a misspelt member', 'trail', { about: 'x', cases: [{ name: 'x', expected: {} }] }],
  ['a status that no check has', 'trail', { about: 'x', cases: [{ name: 'x', expect: { 'key-exists': 'passes' } }] }],
  ['neither what is read nor the error', 'rule-parameters', [{ name: 'x', given: {} }]],
])('a schema refuses %s', (_name, schema, value) => {
  expect(validatorOf(schema)(value)).toBe(false);
});
