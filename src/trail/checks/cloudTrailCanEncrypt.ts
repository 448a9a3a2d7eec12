import { POLICY_OR_KEY } from '../changes.ts';
import { type CheckResult, fail, inBrief, pass, undecided } from '../checkResult.ts';
import { S3_CONTEXT_KEY } from '../cloudTrail.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { contradicted, type DeliveryEvidence, deliveryEvidence, shownByDelivery } from '../deliveryEvidence.ts';
import { type FileRequest, fileAnswers, fileRequests } from '../encryptRequests.ts';
import type { TrailFacts } from '../facts.ts';
import { grantedInstead } from '../grantedAccess.ts';
import { doubtRemedy, grantRemedy } from '../grantRemedy.ts';
import { type KeyEventSubject, withKeyEvents, withKeyRefusals } from '../keyEventEvidence.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { filesOf, type LogFiles } from '../logFiles.ts';
import { haveOneFolder, lookAtPath } from '../logPaths.ts';
import { editPolicy, READ_IT, readIt } from '../remedies.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { CloudTrailRequest } from '../requests.ts';
import * as access from '../serviceAccess.ts';
import { encryptStatement } from '../statements.ts';

/** The policies allow CloudTrail every GenerateDataKey that this trail needs. */
export const cloudTrailCanEncrypt = defineCheck(
  {
    id: 'cloudtrail-can-encrypt',
    title: 'CloudTrail may generate data keys for every kind of file that this trail delivers',
    severity: 'CRITICAL',
    urgency: 'delivery-stops',
    isDecisive: true,
    speaksOf: 'trail',
    repairedBy: 'runbook',
    brokenBy: POLICY_OR_KEY,
    controls: CIS_ENCRYPTED,
    rationale:
      'A key that does not let CloudTrail encrypt stops delivery: CloudTrail does not fall back to SSE-S3. For a service only the key policy surely allows; neither IAM nor the statement for the account does, and that a grant does nobody documents.',
    remediation:
      'Add or correct the statement that lets `cloudtrail.amazonaws.com` use `kms:GenerateDataKey*`, with `aws:SourceArn` equal to the ARN of the trail, and write the policy with `aws kms put-key-policy`.',
    examples: {
      pass: 'an Allow for `cloudtrail.amazonaws.com` whose `aws:SourceArn` is the ARN of the trail',
      fail: 'only the statement for the account; a condition with another account, Region or name; a path that leaves out digest files; a Deny that covers services',
    },
    sources: [
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
      'AWS CloudTrail User Guide, Finding your CloudTrail log files',
      'AWS KMS Developer Guide, AWS KMS condition keys',
    ],
  },
  whenPolicyRead(
    (subject) => {
      const { trail, key, policies, options } = subject;
      const files = filesOf(trail);
      const all = fileAnswers(subject, files.filter(isWritten));
      const proof = deliveryEvidence(trail, key, options);
      const denied = access.deniedOf(all);
      if (denied.length > 0) {
        const byGrant = grantedInstead(subject, (granted) => fileRequests(granted, files.filter(isWritten)));
        const remedy = grantRemedy(subject, denied, encryptStatement(trail));
        if (byGrant !== null) {
          const doubt = undecided(`whether CloudTrail may kms:GenerateDataKey is open: ${byGrant}`, remedy);
          return settled(doubt, subject, [...denied, ...access.unknownOf(all)], proof, lookAtPath(policies));
        }
        const which = denied.length === all.length ? '' : ` for the ${access.purposes(denied)}`;
        const message = `CloudTrail may not kms:GenerateDataKey${which}: ${access.refusalsInWords(denied)}`;
        const brief = `${which === '' ? '' : `not${which}: `}${access.refusalsInBrief(denied)}`;
        const failure = inBrief(brief, fail(message, remedy, access.evidenceOf(denied)));
        const isDelivered = denied.some((answer) => isShown(answer, proof));
        return proof !== null && isDelivered ? contradicted(failure, proof, 'the policy') : failure;
      }
      const doubtful = access.unknownOf(all);
      const notShown = doubtful.filter((answer) => !isShown(answer, proof));
      const refused = lookAtPath(policies) ? refusedIfWritten(subject, fileRequests(subject, files)) : [];
      if (notShown.length > 0 || refused.length > 0) {
        const doubts = [
          ...(notShown.length > 0 ? [inDoubt(notShown, all)] : []),
          ...(refused.length > 0 ? [refusedInWords(refused)] : []),
        ];
        const published = doubtRemedy(
          subject,
          [...notShown, ...access.unknownOf(refused)],
          editPolicy({ edit: 'add-published-statement' }),
        );
        const remedy = refused.length > 0 ? [...published, ...readEvents(trail)] : published;
        const doubt = undecided(doubts.join('; '), remedy, access.evidenceOf([...notShown, ...refused]));
        // What the policy would refuse no event settles: that a file was written is no policy that allows it.
        if (refused.length > 0) return withKeyRefusals(doubt, subject, [...notShown, ...refused]);
        return settled(doubt, subject, doubtful, proof, notShown.some(dependsOnPath));
      }
      if (proof !== null && doubtful.length > 0)
        return shownByDelivery(proof, pass(inDoubt(doubtful, all), access.evidenceOf(doubtful)));
      const message = `CloudTrail may kms:GenerateDataKey for the ${access.purposes(all)}${unexamined(subject)}`;
      return pass(message, access.evidenceOf(all));
    },
    (unread, trail, key, options) => {
      const proof = deliveryEvidence(trail, key, options);
      const written = filesOf(trail).filter(isWritten);
      const missing = written.filter(({ kind }) => !isShown({ purpose: kind }, proof));
      const which = missing.map(({ kind }) => kind).join(', ');
      const doubt =
        proof === null || missing.length === 0
          ? unread
          : { ...unread, message: `${unread.message}; the latest deliveries do not show it for the ${which}` };
      const open = written.map(({ kind }) => ({ purpose: kind }));
      return settled(doubt, { trail, key, options }, open, proof, true);
    },
  ),
);

/** What tells which files the trail writes is to be read. */
function readEvents({ eventCategories, aggregates }: TrailFacts): Remedy {
  const unread = [eventCategories, aggregates].find((reading) => reading?.read === false && reading.deniedBy);
  return unread === undefined || unread.read ? READ_IT : readIt(unread);
}

const dependsOnPath = ({ decision }: access.ServiceAnswer): boolean =>
  decision.dependsOn.some((key) => key.toLowerCase() === S3_CONTEXT_KEY.toLowerCase());

const isWritten = ({ doubt }: LogFiles): boolean => doubt === null;

const isShown = ({ purpose }: Pick<CloudTrailRequest, 'purpose'>, proof: DeliveryEvidence | null): boolean =>
  proof?.kinds.some((kind) => kind === purpose) === true;

/**
 * An unknown answer about some requests, settled where deliveries and the key's events show each of them.
 *
 * @param looksAtPath whether the answer may be another one for another file of the same kind: an event shows one file
 */
function settled(
  doubt: CheckResult,
  subject: KeyEventSubject,
  open: readonly Pick<CloudTrailRequest, 'purpose'>[],
  proof: DeliveryEvidence | null,
  looksAtPath: boolean,
): CheckResult {
  const notShown = open.filter((answer) => !isShown(answer, proof));
  const shown = looksAtPath && !haveOneFolder(subject.trail) ? withKeyRefusals : withKeyEvents;
  const result = notShown.length === 0 ? doubt : shown(doubt, subject, notShown);
  const isWhole = notShown.length === 0 || result.status === 'pass';
  return proof !== null && isWhole && notShown.length < open.length ? shownByDelivery(proof, result) : result;
}

function inDoubt(doubtful: readonly access.ServiceAnswer[], all: readonly access.ServiceAnswer[]): string {
  const which = doubtful.length === all.length ? '' : ` for the ${access.purposes(doubtful)}`;
  return `whether CloudTrail may kms:GenerateDataKey${which} is open: ${access.doubtsInWords(doubtful)}`;
}

/** An answer that matters only where the trail has such files, which nobody knows. */
interface RefusedIfWritten extends access.ServiceAnswer {
  readonly doubt: string;
}

function refusedIfWritten(subject: KeyPolicySubject, files: readonly FileRequest[]): readonly RefusedIfWritten[] {
  return files.flatMap((file) => {
    const { doubt } = file;
    if (doubt === null) return [];
    return access.answers(subject, [file]).flatMap((answer) => {
      const { purpose, refusal, decision } = answer;
      // Nobody knows where a file of an unknown kind lies: a policy that looks at its path is never certain to refuse it.
      const mayLieAnywhere = purpose === 'file of an unknown kind';
      return refusal !== null || (mayLieAnywhere && decision.outcome !== 'allowed') ? [{ ...answer, doubt }] : [];
    });
  });
}

function refusedInWords(refused: readonly RefusedIfWritten[]): string {
  const open = access.unknownOf(refused);
  const each = refused.map((answer) => {
    const refuses = open.includes(answer) ? 'may refuse' : 'would refuse';
    return `${answer.doubt}, and the policy ${refuses} ${answer.purpose.replace('file', 'files')}`;
  });
  const why = [access.refusalsInWords(access.deniedOf(refused)), access.doubtsInWords(open)].filter(Boolean);
  return `${each.join('; ')}: ${why.join('; ')}`;
}

const unexamined = ({ unexamined: why }: KeyPolicySubject): string =>
  why === null ? '' : `; resource control policies not examined (${why})`;
