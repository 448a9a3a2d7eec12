import { checkOf } from '../trail/checks/index.ts';
import type { Control } from '../trail/controls.ts';
import type { Finding } from '../trail/finding.ts';

const known = new Map<string, readonly Control[]>();

/** The controls that the open findings speak to; where those speak to none, that all of them speak to. Each once. */
export function controlsOf(findings: readonly Pick<Finding, 'check' | 'status'>[]): readonly Control[] {
  const open = controlsOfChecks(findings.filter(({ status }) => status === 'fail' || status === 'unknown'));
  return open.length > 0 ? open : controlsOfChecks(findings);
}

function controlsOfChecks(findings: readonly Pick<Finding, 'check'>[]): readonly Control[] {
  const checks = findings.map(({ check }) => check);
  const name = checks.join();
  const controls = known.get(name) ?? distinct(checks.flatMap((check) => checkOf(check).controls));
  known.set(name, controls);
  return controls;
}

const distinct = (controls: readonly Control[]): readonly Control[] => [
  ...new Map(controls.map((control) => [`${control.framework} ${control.id}`, control])).values(),
];
