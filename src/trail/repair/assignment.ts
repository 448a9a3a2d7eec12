import { ownerOf } from '../owner.ts';
import { setKeyCommand } from './commands.ts';
import type { KeyUser } from './keyCase.ts';
import type { RepairSubject } from './plan.ts';
import { isOpen } from './remaining.ts';

/** What a trail fails with the key that it gets, and with what it had before. */
export function withFormerFindings({ assigned, ...user }: KeyUser): RepairSubject {
  const former = assigned?.findings ?? [];
  const isTold = new Set(former.filter(isOpen).map(({ check }) => check));
  return { ...user, findings: [...former, ...user.findings.filter(({ check }) => !isTold.has(check))] };
}

/** A file stays encrypted with the key that it was written with. */
export function assignedInWords({ trail, key, assigned }: KeyUser): string {
  const set = `${trail.arn}: the trail encrypts with the key that was chosen for it`;
  const from = assigned?.from ?? null;
  if (from === null) return set;
  const back = ownerOf(trail, key) === null ? `. Back again: \`${setKeyCommand(trail, from)}\`` : '';
  return `${set}, and no longer with \`${from}\`: its older logs still need that key, so keep it, and leave kms:Decrypt to whoever reads them${back}`;
}
