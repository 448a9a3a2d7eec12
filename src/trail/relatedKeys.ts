import type { CheckResult } from './checkResult.ts';
import { type DecideTrail, whenPolicyRead } from './defineCheck.ts';
import type { KeyFacts } from './facts.ts';
import { gatherPolicies, type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { listed } from './policyNames.ts';
import { ramNote } from './ramPolicy.ts';

/**
 * Asks each key with the material of the trail's: the primary key and the replicas of a multi-Region key have policies of
 * their own, and what one of them encrypted each of them decrypts. A pass says what was not evaluated.
 */
export const whenEveryPolicyRead = (decide: (subject: KeyPolicySubject) => CheckResult): DecideTrail =>
  whenPolicyRead((subject) => {
    const result = decide(subject);
    if (result.status === 'fail') return result;
    const related = relatedSubjects(subject);
    for (const one of related) {
      const other = decide(newQuestion(one));
      if (other.status === 'fail') return { ...other, message: `key \`${one.keyArn}\`, ${RELATED}: ${other.message}` };
    }
    if (result.status !== 'pass') return result;
    return { ...result, message: `${result.message}${ramNote(subject)}${relatedNote(subject.key, related)}` };
  });

const RELATED = 'which decrypts what this one encrypted';

function relatedSubjects({ trail, key, options }: KeyPolicySubject): readonly KeyPolicySubject[] {
  return (key.relatedKeys ?? []).flatMap((related) => {
    const subject = gatherPolicies(trail, related, options);
    return subject.read ? [subject.value] : [];
  });
}

function relatedNote({ metadata }: KeyFacts, evaluated: readonly KeyPolicySubject[]): string {
  if (!metadata.read) return '';
  const { relatedKeys, isMultiRegion } = metadata.value;
  if (relatedKeys === null)
    return isMultiRegion === true ? '; replicas of the key, if there are any, have policies of their own' : '';
  const others = relatedKeys.filter((arn) => !evaluated.some(({ keyArn }) => keyArn === arn));
  if (others.length === 0) return '';
  const names = listed(others.map((arn) => `\`${arn}\``));
  return `; the policy of ${names}, ${RELATED}, was not evaluated`;
}
