import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import type { StatementEdit } from '../../../src/trail/repair/plan.ts';
import { editedText } from '../../../src/trail/repair/policyText.ts';

const changed = (index: number): StatementEdit => edit(index, { Sid: 'Changed', Effect: 'Allow' });
const added: StatementEdit = edit(null, { Sid: 'Added', Effect: 'Deny' });

function edit(index: number | null, statement: StatementEdit['statement']): StatementEdit {
  return { index, label: 'x', statement, change: 'statement-added', message: '', loses: [] };
}

function edited(policy: unknown, edits: readonly StatementEdit[]): string {
  const parse = parseKeyPolicy(policy);
  if (!parse.valid) throw new Error(parse.error);
  return editedText(parse.policy, edits);
}

const compact = '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow"},{"Sid":"B","Effect":"Allow"}]}';
const tabbed =
  '{\n\t"Version" : "2012-10-17",\n\t"Statement" : [\n\t\t{ "Sid": "A",   "Effect": "Allow", "Action": ["kms:{]\\"}"] },\n\t\t{"Sid":"B","Effect":"Allow"}\n\t],\n\t"Id": "last"\n}\n';

const cases: readonly [string, unknown, readonly StatementEdit[], string][] = [
  ['no edit keeps every letter', tabbed, [], tabbed],
  [
    'compact text stays compact',
    compact,
    [changed(0), added],
    '{"Version":"2012-10-17","Statement":[{"Sid":"Changed","Effect":"Allow"},{"Sid":"B","Effect":"Allow"},{"Sid":"Added","Effect":"Deny"}]}',
  ],
  [
    'a change in the middle leaves the other statements as they are',
    tabbed,
    [changed(1)],
    tabbed.replace('{"Sid":"B","Effect":"Allow"}', '{\n\t\t\t"Sid": "Changed",\n\t\t\t"Effect": "Allow"\n\t\t}'),
  ],
  [
    'an added statement stands behind the last, indented like it',
    tabbed,
    [added],
    tabbed.replace(
      '{"Sid":"B","Effect":"Allow"}',
      '{"Sid":"B","Effect":"Allow"},\n\t\t{\n\t\t\t"Sid": "Added",\n\t\t\t"Effect": "Deny"\n\t\t}',
    ),
  ],
  [
    'a statement that goes leaves the others, indented as the text was',
    tabbed,
    [edit(0, null)],
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'B', Effect: 'Allow' }], Id: 'last' }, null, '\t'),
  ],
  [
    'a single statement that goes leaves room for an added one',
    '{"Statement":{"Effect":"Allow"}}',
    [edit(0, null), added],
    JSON.stringify({ Statement: [{ Sid: 'Added', Effect: 'Deny' }] }, null, 2),
  ],
  [
    'a single statement becomes a list',
    '{"Statement":{"Effect":"Allow"}}',
    [added],
    JSON.stringify({ Statement: [{ Effect: 'Allow' }, { Sid: 'Added', Effect: 'Deny' }] }, null, 2),
  ],
  [
    'a changed single statement stays one',
    '{ "Statement":{"Effect":"Allow"} }',
    [changed(0)],
    '{ "Statement":{"Sid":"Changed","Effect":"Allow"} }',
  ],
  [
    'lines without indentation are indented by two blanks',
    '{"Statement":[\n{"Sid":"A","Effect":"Allow"}]}',
    [added],
    '{"Statement":[\n{"Sid":"A","Effect":"Allow"},\n{\n  "Sid": "Added",\n  "Effect": "Deny"\n}]}',
  ],
  [
    'an empty list of statements is written anew',
    '{"Version":"2012-10-17","Statement":[]}',
    [added],
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'Added', Effect: 'Deny' }] }, null, 2),
  ],
  [
    'members that are no text stay as they are',
    '{"Id":7,"Statement":[{"Sid":"A","Effect":"Allow"}]}',
    [changed(0)],
    '{"Id":7,"Statement":[{"Sid":"Changed","Effect":"Allow"}]}',
  ],
  [
    'a policy that came as an object is indented',
    { Statement: [{ Effect: 'Allow' }] },
    [added],
    JSON.stringify({ Statement: [{ Effect: 'Allow' }, { Sid: 'Added', Effect: 'Deny' }] }, null, 2),
  ],
];

test.each(cases)('%s', (_, policy, edits, expected) => expect(edited(policy, edits)).toBe(expected));

test('a policy that indentation makes too large is written without', () => {
  const statement = { Effect: 'Allow', Action: Array.from({ length: 2_400 }, (_, index) => `kms:${index}`) };
  const text = edited({ Statement: [statement] }, [added]);
  expect(text).toBe(JSON.stringify({ Statement: [statement, added.statement] }));
});
