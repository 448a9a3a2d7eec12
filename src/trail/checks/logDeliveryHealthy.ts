import { fail, notApplicable, undecided } from '../checkResult.ts';
import { defineCheck, whenEncrypted } from '../defineCheck.ts';
import { decideByAge } from '../deliveryAge.ts';
import { type DeliveryFault, policyAtFault } from '../deliveryFault.ts';
import { READ_IT, readIt } from '../remedies.ts';

/** Neither delivery error is set, and what is delivered every hour was delivered lately. */
export const logDeliveryHealthy = defineCheck(
  {
    id: 'log-delivery-healthy',
    title: 'CloudTrail delivers logs and digests without an error, and lately',
    severity: 'HIGH',
    urgency: 'delivery-stops',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    isToldByDeployment: true,
    controls: [],
    rationale:
      'A delivery error means that logs are not arriving now. CloudTrail tries again for 30 days; what is not delivered by then is lost. With log file validation a digest is written every hour, whether anything happened or not: an old one means that delivery has stopped.',
    remediation:
      'For an error that begins with `KMS.` fix the key or its policy; for `AccessDenied`, or where digests stopped without an error, look at the key policy and at the bucket policy; for any other look at the bucket.',
    examples: {
      pass: 'LatestDeliveryError and LatestDigestDeliveryError are empty, and LatestDigestDeliveryTime is within `deliveryWindowHours`',
      fail: 'LatestDeliveryError is `KMS.DisabledException` or `AccessDenied`; with log file validation the latest digest is days old',
    },
    sources: [
      'AWS CloudTrail API Reference, GetTrailStatus',
      'AWS CloudTrail User Guide, CloudTrail digest file structure',
    ],
  },
  whenEncrypted((trail, key, options) => {
    const { status } = trail;
    if (!status.read) return undecided(`the trail's status could not be read: ${status.reason}`, readIt(status));
    const { isLogging, latestDeliveryError, latestDigestDeliveryError } = status.value;
    if (isLogging === false) return notApplicable('the trail is stopped: it delivers nothing, with or without errors');
    const errors = [
      ...(latestDeliveryError ? [{ of: 'logs', code: latestDeliveryError } as const] : []),
      ...(latestDigestDeliveryError ? [{ of: 'digests', code: latestDigestDeliveryError } as const] : []),
    ];
    const [first] = errors;
    if (first !== undefined) {
      const said = errors.map(({ of, code }) => `the latest delivery of ${of} failed with \`${code}\``);
      const refused = errors.filter(({ code }) => code === 'AccessDenied').map(({ of }) => of);
      const fault = first.code === 'AccessDenied' ? policyAtFault(trail, key, options, refused) : null;
      const { cause, what } = fault ?? causeOf(first.code);
      return fail(`${said.join(', and ')}: ${cause}`, [[{ do: 'look-at', what }]]);
    }
    if (isLogging === null) return undecided('whether the trail is logging is not known', READ_IT);
    return decideByAge(trail, status.value, options);
  }),
);

/** S3's or KMS's error code. */
function causeOf(code: string): DeliveryFault {
  if (code.startsWith('KMS.')) return { cause: 'the key is the cause', what: 'key' };
  if (code === 'AccessDenied')
    return { cause: 'the key policy or the bucket policy is the cause', what: 'key, then bucket' };
  return { cause: 'the bucket is the likely cause', what: 'bucket' };
}
