/** An account that nobody has. */
const NOBODY = 'arn:aws:iam::000000000000:root';

/** A policy document in which an Allow or Deny for `{"AWS": "*"}` is one for everybody, services too, or for no service. */
export const withAwsStar =
  (covers: 'everybody' | 'nobody') =>
  (document: unknown): unknown => {
    if (!isMembers(document)) return document;
    const statements = [document.Statement].flat().map((statement) => read(statement, covers));
    return { ...document, Statement: statements };
  };

function read(statement: unknown, covers: 'everybody' | 'nobody'): unknown {
  if (!isMembers(statement) || !isMembers(statement.Principal)) return statement;
  const names = [statement.Principal.AWS].flat();
  if (!names.includes('*')) return statement;
  if (covers === 'everybody') return { ...statement, Principal: '*' };
  const others = names.filter((name) => name !== '*');
  return { ...statement, Principal: { ...statement.Principal, AWS: others.length === 0 ? [NOBODY] : others } };
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
