import type { KeyPolicy } from '../policy/parse.ts';
import type { PrincipalElement } from '../policy/statement.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';

/** Whether a principal element covers CloudTrail and nobody else. */
export const isCloudTrailOnly = (principal: PrincipalElement): boolean =>
  namesCloudTrail(principal) && othersOf(principal) === 0;

/** Whether a principal element names CloudTrail, be it beside others. */
export const namesCloudTrail = ({ negated, service }: PrincipalElement): boolean =>
  !negated && service.includes(CLOUDTRAIL);

const othersOf = ({ aws, service, federated, canonicalUser }: PrincipalElement): number =>
  aws.length + service.filter((name) => name !== CLOUDTRAIL).length + federated.length + canonicalUser.length;

/** Whether all of the named statements are CloudTrail's alone: what is taken from them is taken from nobody else. */
export const areCloudTrailOnly = ({ statements }: KeyPolicy, labels: readonly string[]): boolean =>
  statements.every(({ label, principal }) => !labels.includes(label) || isCloudTrailOnly(principal));
