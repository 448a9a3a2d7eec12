import { POLICY_OR_KEY } from '../changes.ts';
import type { CheckResult } from '../checkResult.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenEncrypted, whenPolicyRead } from '../defineCheck.ts';
import { type KeyPolicySubject, newQuestion } from '../keyPolicySubject.ts';
import { listed } from '../policyNames.ts';
import { type PrincipalAccess, principalAccess } from '../principalAccess.ts';
import { type TriedReader, triedReader } from '../readerDryRuns.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import type { Remedy } from '../remedy/remedy.ts';

const NOT_SET = '`requiredReaders` is not set';

/** Each of the principals that have to read the logs can. */
export const requiredReadersCanDecrypt = defineCheck(
  {
    id: 'required-readers-can-decrypt',
    title: 'Each of `requiredReaders` may decrypt the logs, or the IAM policies of its account alone decide',
    severity: 'HIGH',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'A SIEM that cannot decrypt the logs sees nothing, and says so nowhere near the key: an attack goes on unnoticed.',
    remediation:
      'Add a statement that lets the reader use `kms:Decrypt`, with `"Null":{"kms:EncryptionContext:aws:cloudtrail:arn":"false"}`, or exempt it from the Deny statement that the finding names.',
    examples: {
      pass: '`requiredReaders` is `arn:aws:iam::222222222222:role/siem`, and a statement or a grant gives it `kms:Decrypt`',
      fail: 'the role is in no statement and has no grant, and none names its account',
    },
    sources: [
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
      'AWS KMS Developer Guide, Allowing users in other accounts to use a KMS key',
      'IAM User Guide, AWS JSON policy elements: NotPrincipal',
    ],
  },
  (trail, key, options) =>
    options.requiredReaders.length === 0
      ? whenEncrypted(() => notApplicable(NOT_SET))(trail, key, options)
      : whenPolicyRead(askEach)(trail, key, options),
);

function askEach(subject: KeyPolicySubject): CheckResult {
  const { requiredReaders } = subject.options;
  const readers = requiredReaders.map((arn): Reader => {
    const access = principalAccess(newQuestion(subject), arn, 'kms:Decrypt');
    return { ...access, tried: triedReader(subject, access) };
  });
  const some = (outcome: 'denied' | 'unknown') => readers.filter((reader) => outcomeOf(reader) === outcome);
  const [denied, open] = [some('denied'), some('unknown')];
  if (denied.length > 0) return fail(listed(denied.map(deniedInWords)), remedyFor(subject, denied), evidenceOf(denied));
  if (open.length > 0) return undecided(listed(open.map(openInWords)), remedyFor(subject, open), evidenceOf(open));
  return pass(listed(readers.map(readInWords)), evidenceOf(readers));
}

interface Reader extends PrincipalAccess {
  readonly tried: TriedReader;
}

/** The gravest of its files, or what a trial settles. */
function outcomeOf({ files, tried }: Reader): 'allowed' | 'denied' | 'unknown' {
  if (files.some(({ outcome }) => outcome === 'denied')) return 'denied';
  return files.some(({ outcome }) => outcome === 'unknown') ? (tried.settles ?? 'unknown') : 'allowed';
}

const andTried = (said: string, { tried }: Reader): string => (tried.said === null ? said : `${said}; ${tried.said}`);

function deniedInWords(reader: Reader): string {
  const { arn, files, tried } = reader;
  if (tried.settles === 'denied') return `\`${arn}\` cannot decrypt the logs: ${tried.said}`;
  const denied = files.filter(({ outcome }) => outcome === 'denied');
  const statements = denied.flatMap(({ decision }) => decision.statements);
  const why = statements.length === 0 ? 'no statement allows it' : `statement ${quoted(unique(statements))} denies it`;
  return andTried(`\`${arn}\` cannot decrypt ${filesInWords(denied, files)}: ${why}`, reader);
}

function openInWords(reader: Reader): string {
  const { arn, files } = reader;
  const open = files.filter(({ outcome }) => outcome === 'unknown');
  const [first] = open;
  const why = first?.decision.reason ?? `it depends on ${first?.decision.dependsOn.join(', ')}`;
  return andTried(`whether \`${arn}\` can decrypt ${filesInWords(open, files)} is open: ${why}`, reader);
}

function readInWords(reader: Reader): string {
  const { arn, files, iamAccount, dependsOnBoundary, tried } = reader;
  if (tried.settles === 'allowed') return `\`${arn}\` can decrypt the logs: ${tried.said}`;
  const isDelegated = files.some(({ outcome }) => outcome === 'delegated');
  const by = `statement ${quoted(unique(files.flatMap(({ decision }) => decision.statements)))}`;
  const iam = isDelegated
    ? `${by} leaves \`${arn}\` to the IAM policies of account \`${iamAccount}\``
    : `${by} lets \`${arn}\` decrypt the logs${iamAccount === null ? '' : `, if the IAM policies of account \`${iamAccount}\` do too`}`;
  const boundary = dependsOnBoundary ? ' (a permissions boundary of it was not read, and may deny it)' : '';
  return andTried(`${iam}${boundary}`, reader);
}

const filesInWords = (some: PrincipalAccess['files'], all: PrincipalAccess['files']): string =>
  some.length === all.length ? 'the logs' : `the ${some.map(({ file }) => `${file}s`).join(' and ')}`;

function remedyFor(subject: KeyPolicySubject, readers: readonly PrincipalAccess[]): Remedy {
  const denies = unique(
    readers.flatMap(({ files }) =>
      files.flatMap(({ outcome, decision }) => (outcome === 'denied' ? decision.statements : [])),
    ),
  );
  if (denies.length > 0) return editPolicy({ edit: 'exempt-readers', statements: denies });
  const statement = {
    Sid: 'AllowRequiredReaders',
    Effect: 'Allow',
    Principal: { AWS: readers.map(({ arn }) => arn) },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { Null: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'false' } },
  };
  return writePolicy(subject, { edit: 'add-statement', statement, statements: [] });
}

const evidenceOf = (readers: readonly PrincipalAccess[]) => {
  const decisions = readers.flatMap(({ files }) => files.map(({ decision }) => decision));
  return {
    statements: unique(decisions.flatMap(({ statements }) => statements)),
    dependsOn: unique(decisions.flatMap(({ dependsOn }) => dependsOn)),
  };
};

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
