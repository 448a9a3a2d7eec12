import { fail, pass, undecided } from '../checkResult.ts';
import { startLoggingCommand } from '../commands.ts';
import { defineCheck, whenEncrypted } from '../defineCheck.ts';
import { READ_IT, readIt } from '../remedies.ts';

/** The trail is logging. */
export const trailLogging = defineCheck(
  {
    id: 'trail-logging',
    title: 'The trail is logging',
    severity: 'MEDIUM',
    urgency: 'delivery-stops',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    brokenBy: ['StopLogging'],
    controls: [],
    rationale:
      'A trail that is stopped delivers nothing, however well its key works: what happens meanwhile leaves no log.',
    remediation: 'Start logging: `aws cloudtrail start-logging --name TRAIL`. Find out who stopped it and why.',
    examples: {
      pass: 'GetTrailStatus answers IsLogging true; a template leaves IsLogging true',
      fail: 'IsLogging is false, in the status of the trail or in a template',
    },
    sources: ['AWS CloudTrail API Reference, GetTrailStatus', 'AWS CloudTrail API Reference, StartLogging'],
  },
  whenEncrypted((trail) => {
    const { status, isDeclaredLogging = null } = trail;
    const isLogging = status.read ? status.value.isLogging : isDeclaredLogging;
    if (isLogging === true) return pass('the trail is logging');
    if (isLogging === false)
      return fail('the trail is stopped: nothing is logged', [
        [{ do: 'start-logging', command: startLoggingCommand(trail) }],
      ]);
    const unknown = 'whether the trail is logging is not known';
    return status.read ? undecided(unknown, READ_IT) : undecided(`${unknown}: ${status.reason}`, readIt(status));
  }),
);
