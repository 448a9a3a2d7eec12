import { mayBeAllowed } from '../policy/compile.ts';
import { type AccessAnswer, askAccess, exampleIn, inWorld, mostExposed } from './accessQuestion.ts';
import { askEach } from './actionKinds.ts';
import { type CallingPrincipal, callerRequest } from './adversaries.ts';
import { admittedOf } from './callerAccess.ts';
import type { Evidence } from './check.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { distinct, listed } from './policyNames.ts';

/** What is open to somebody who stands for many. */
interface Exposure {
  readonly caller: CallingPrincipal;
  readonly asked: readonly { readonly action: string; readonly answer: AccessAnswer }[];
}

/** What somebody gets, in words, or what is undecided. */
export type ExposureFound =
  | { readonly is: 'open-to'; readonly example: string; readonly evidence: Evidence }
  | { readonly is: 'undecided'; readonly action: string; readonly reason: string; readonly evidence: Evidence };

/**
 * What is open to that one of several callers to whom most of some actions is, as far as an Allow statement admits them;
 * `directly` leaves out what IAM policies would have to allow. `null` where nothing is.
 */
export function exposureTo(
  subject: KeyPolicySubject,
  callers: readonly CallingPrincipal[],
  actions: readonly string[],
  directly = false,
): ExposureFound | null {
  const admissible = callers.filter(({ arn }) => mayBeAllowed(subject.policy, { aws: arn }, directly));
  const admitted = admissible.length === 0 ? [] : admittedOf(subject, actions);
  if (admitted.length === 0) return null;
  const exposures = admissible.map((caller) => ({
    caller,
    asked: askEach(subject, admitted, (action) =>
      askAccess(subject, { ...callerRequest(subject, caller, action), directly }),
    ),
  }));
  return inWords(mostExposed(exposures, ({ asked }) => asked.map(({ answer }) => answer)));
}

function inWords({ caller, asked }: Exposure): ExposureFound | null {
  const open = asked.flatMap(({ action, answer }) => (answer.possible === 'yes' ? [{ action, ...answer }] : []));
  const [first] = open;
  if (first !== undefined) {
    const who = exampleIn(first.world, ['aws:PrincipalArn'], caller.arn);
    return {
      is: 'open-to',
      example: `${who} may ${listed(open.map(({ action }) => action))}${inWorld(first.world, ['aws:PrincipalArn'])}`,
      evidence: {
        statements: distinct(open.flatMap(({ statements }) => statements)),
        dependsOn: distinct(open.flatMap(({ world }) => Object.keys(world))),
      },
    };
  }
  const doubts = asked.flatMap(({ action, answer }) => (answer.possible === 'open' ? [{ action, ...answer }] : []));
  const [doubt] = doubts;
  if (doubt === undefined) return null;
  return {
    is: 'undecided',
    action: doubt.action,
    reason: doubt.reason,
    evidence: {
      statements: distinct(doubts.flatMap(({ decision }) => decision.statements)),
      dependsOn: distinct(doubts.flatMap(({ decision }) => decision.dependsOn)),
    },
  };
}
