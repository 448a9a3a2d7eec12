import type { CheckOptions } from '../check.ts';
import { type CheckResult, fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { topicKeyCommand } from '../commands.ts';
import { defineCheck, existenceOf, recorded, whenEncrypted } from '../defineCheck.ts';
import type { KeyFacts, TrailFacts } from '../facts.ts';
import { gatherPolicies, type KeyPolicySubject, newQuestion } from '../keyPolicySubject.ts';
import { readIt } from '../remedies.ts';
import type { Remedy } from '../remedy/remedy.ts';
import * as access from '../serviceAccess.ts';
import { topicStatement } from '../statements.ts';
import { topicRequests } from '../topicRequests.ts';

/** The key of the trail's SNS topic lets CloudTrail publish to it. */
export const topicAdmitsCloudTrail = defineCheck(
  {
    id: 'topic-admits-cloudtrail',
    title: "The key of the trail's SNS topic lets CloudTrail generate data keys and decrypt",
    severity: 'LOW',
    urgency: 'some-day',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale:
      'CloudTrail publishes to an encrypted topic only where the key of the topic lets it. Without that no notification arrives, and whatever waits for new logs waits on; the logs themselves are delivered.',
    remediation:
      "Let `cloudtrail.amazonaws.com` use `kms:GenerateDataKey*` and `kms:Decrypt` by the policy of the topic's key. The policy of `alias/aws/sns` cannot be edited: give the topic a customer-managed key.",
    examples: {
      pass: 'a statement for CloudTrail with `kms:GenerateDataKey*` and `kms:Decrypt`',
      fail: 'the topic has the AWS managed key `alias/aws/sns`, or its key has no such statement',
    },
    sources: [
      'Amazon SNS Developer Guide, Key management',
      'AWS CloudTrail User Guide, Configuring Amazon SNS notifications for CloudTrail',
    ],
  },
  whenEncrypted((trail, _key, options) => {
    const { topic } = trail;
    if (topic === undefined) return notApplicable('the trail has no SNS topic, or it was not read');
    if (!topic.read) return undecided(`the SNS topic could not be read: ${topic.reason}`, readIt(topic));
    const { arn, key } = topic.value;
    if (key === null) return notApplicable(`topic \`${arn}\` is not encrypted with a KMS key`);
    return decide(trail, arn, key, options);
  }),
);

function decide(trail: TrailFacts, arn: string, key: KeyFacts, options: CheckOptions): CheckResult {
  const name = `key \`${key.reference}\` of topic \`${arn}\``;
  const another: Remedy = [[{ do: 'set-topic-key', command: topicKeyCommand(arn) }]];
  const exists = existenceOf(key);
  if (exists.read && !exists.value) return fail(`${name} does not exist`, another);
  if (key.metadata.read && key.metadata.value.manager === 'AWS')
    return fail(`${name} is an AWS managed key, whose policy does not let CloudTrail use it`, another);
  const subject = gatherPolicies(trail, key, options);
  if (!subject.read) return undecided(`${name}: ${subject.reason}`, readIt(subject));
  return recorded(ask(subject.value, arn, name), subject.capturedAt);
}

function ask(subject: KeyPolicySubject, arn: string, name: string): CheckResult {
  const question = newQuestion(subject);
  const all = access.answers(question, topicRequests(question, arn));
  const evidence = access.evidenceOf(all);
  const remedy: Remedy = [[{ do: 'allow-topic', key: subject.keyArn, add: topicStatement(arn) }]];
  const denied = access.deniedOf(all);
  if (denied.length > 0)
    return fail(`${name} does not let CloudTrail publish: ${access.refusalsInWords(denied)}`, remedy, evidence);
  const open = access.unknownOf(all);
  if (open.length > 0)
    return undecided(
      `whether ${name} lets CloudTrail publish is open: ${access.doubtsInWords(open)}`,
      remedy,
      evidence,
    );
  return pass(`${name} lets CloudTrail publish`, evidence);
}
