import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepairCase } from './support.ts';

interface DenyCase {
  readonly name: string;
  readonly kind: string;
  readonly principal?: unknown;
  readonly notPrincipal?: unknown;
  readonly action?: unknown;
  readonly condition?: unknown;
  /** Part of the reason why a person must decide. */
  readonly decides?: string;
}

const file = join(import.meta.dirname, '../../cases/repair/denies.json');
const { policies, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly policies: Readonly<Record<string, readonly unknown[]>>;
  readonly cases: readonly DenyCase[];
};

const denyOf = ({ principal = '*', notPrincipal, action = 'kms:*', condition }: DenyCase) => ({
  Sid: 'Perimeter',
  Effect: 'Deny',
  ...(notPrincipal === undefined ? { Principal: principal } : { NotPrincipal: notPrincipal }),
  Action: action,
  Resource: '*',
  ...(condition === undefined ? {} : { Condition: condition }),
});

/** Each Deny behind each of the policies. */
export const DENIES = Object.entries(policies).flatMap(([policy, statements]) =>
  cases.map((one) => ({
    policy,
    one,
    given: { name: one.name, expect: {}, statements: [...statements, denyOf(one)] } satisfies RepairCase as RepairCase,
  })),
);
