import { readFileSync } from 'node:fs';

type Members = Readonly<Record<string, unknown>>;

const read = (path: string): unknown => JSON.parse(readFileSync(`test/cases/${path}`, 'utf8'));

/** The cases of a file of policy/, each with its whole policy and request: what a row leaves out the file says. */
export function policyCases<T>(path: string): readonly T[] {
  const file = read(path) as { statement?: Members; request: Members; cases: readonly Members[] };
  return file.cases.map(({ statement, ...row }): unknown => ({
    ...row,
    ...(statement === undefined
      ? {}
      : { policy: { Version: '2012-10-17', Statement: [{ ...file.statement, ...(statement as Members) }] } }),
    ...(row.request === undefined ? {} : { request: { ...file.request, ...(row.request as Members) } }),
  })) as readonly T[];
}

/** The cases of a file of trail/ or repair/, with statements in the place of their names. */
export function trailCases<T>(path: string): readonly T[] {
  const { statements = {}, cases } = read(path) as { statements?: Members; cases: readonly Members[] };
  const named = (list: unknown) =>
    (list as readonly unknown[]).map((one) => (typeof one === 'string' ? (statements[one] ?? unnamed(one)) : one));
  return cases.map((row): unknown =>
    Object.fromEntries(
      Object.entries(row).map(([member, value]) => [member, /^statements/.test(member) ? named(value) : value]),
    ),
  ) as readonly T[];
}

function unnamed(statement: string): never {
  throw new Error(`the file has no statement \`${statement}\``);
}
