import { ACCOUNT, REGION } from '../../e2e/support/account.ts';
import { CAPTURED_AT, changed, event, scheduled } from '../../e2e/support/events.ts';
import { ok, type WireRequest } from '../../e2e/support/wire.ts';
import { answerAbout, nameOf, readsOf } from '../awsAnswers.ts';
import { chance, pick } from '../chance.ts';
import { type EstateTrail, makeEstate } from '../estate.ts';
import { functionTarget } from '../functionTarget.ts';
import { EVERY_KIND } from '../kinds.ts';
import { type Expected, judgeVerdicts, type Sent } from '../oracle.ts';
import { isSlow, type Plan, type RunKind } from '../plan.ts';

const RULE = 'cloudtrail-kms-rule';
const RESULTS_PER_PAGE = 3;

/** The AWS Config rule: a schedule over all trails, a change of a trail, a change of a key; its own account, or another. */
export const configRule = functionTarget({
  bundle: 'configRule',
  runs: 500,
  kinds: [...EVERY_KIND, 'mixed'],
  prepare(seed, kind) {
    const isForeign = chance(seed, 'foreign') < 0.2;
    const accountId = isForeign ? `2${String(seed).padStart(11, '0')}` : ACCOUNT;
    const estate = makeEstate(seed, { accounts: [accountId], count: countOf(seed, kind) });
    const sent: Sent[] = [];
    const first = pick(estate.trails.slice(0, 8), seed, 'subject');
    const drawn = pick(['schedule', 'schedule', 'schedule', 'change', 'key'] as const, seed, 'event');
    const about = drawn === 'key' && first.key === null ? 'change' : drawn;
    const judged = estate.trails.filter(
      ({ arn, key }) => about === 'schedule' || arn === first.arn || (about === 'key' && key === first.key),
    );

    const role = isForeign ? [`sts AssumeRole arn:aws:iam::${accountId}:role/member`] : [];
    const list = `cloudtrail DescribeTrails ${accountId}`;
    const put = `config PutEvaluations ${accountId}`;
    const reported = ['gone', ...estate.trails.map(({ name }) => name)];
    const pages = Array.from(
      { length: Math.ceil(reported.length / RESULTS_PER_PAGE) },
      (_, page) => `config GetComplianceDetailsByConfigRule ${accountId}${page === 0 ? '' : `#${page}`}`,
    );
    const shared = [...role, ...(about === 'change' ? [] : [list]), put];
    const expected: readonly Expected[] = [
      ...judged.map((trail) => expectedOf(trail, shared)),
      ...(about === 'schedule' ? [{ id: 'gone', truth: 'NOT_APPLICABLE', needs: [...shared, ...pages] }] : []),
    ];
    const answerOfConfig = ({ operation, body }: WireRequest) => {
      if (operation === 'PutEvaluations') {
        // Late requests of the invocation before carry another token.
        if (body.ResultToken === tokenOf(seed)) sent.push(...(body.Evaluations as readonly object[]).map(sentOf));
        return ok({ FailedEvaluations: [] });
      }
      const page = Number(body.NextToken ?? 0);
      const next = page + 1 < pages.length ? { NextToken: String(page + 1) } : {};
      const some = reported.slice(page * RESULTS_PER_PAGE, (page + 1) * RESULTS_PER_PAGE);
      return ok({ EvaluationResults: some.map(resultOf), ...next });
    };
    return {
      world: {
        nameOf,
        answer: (request) => (request.service === 'config' ? answerOfConfig(request) : answerAbout(estate, request)),
      },
      requests: [...new Set(expected.flatMap(({ needs }) => needs))],
      event: async () => {
        const parameters = {
          ...(isForeign && { memberRoleName: 'member' }),
          // Otherwise a recent delivery settles what could not be read.
          ...(chance(seed, 'evidence') < 0.5 && { deliveryEvidenceHours: '0' }),
        };
        const options = { parameters, resultToken: tokenOf(seed) };
        const given = {
          schedule: () => scheduled(options),
          change: () => changed(wireTrail(first), {}, options),
          key: () => event(changedKey(first.key?.arn ?? ''), options),
        }[about]();
        return JSON.parse(JSON.stringify(given).replaceAll(ACCOUNT, accountId));
      },
      remaining: remainingOf,
      judge: (answered, plan) => judgeVerdicts(expected, sent, plan, answered.ok === true),
    };
  },
});

const tokenOf = (seed: number): string => `the-result-token-of-${seed}`;

/** Mostly a few trails; now and then more than one batch of evaluations takes, and more than the SDK's retries. */
export const countOf = (seed: number, kind: RunKind): number => {
  // What takes seconds may take the time of many trails.
  const size = isSlow(kind) ? 1 : chance(seed, 'size');
  return size < 0.04 ? 130 : size < 0.1 ? 30 : 3 + Math.floor(chance(seed, 'count') * 5);
};

/** What hangs for ever is to cost the deadline, not minutes. */
export function remainingOf(plan: Plan): number {
  const slow = [...plan.values()].find(({ kind }) => isSlow(kind));
  if (slow === undefined) return 60_000;
  return slow.kind === 'hang' && slow.times === 1 ? 20_000 : 12_000;
}

/** Nothing but the grants shows what is wrong with a grant, and no verdict depends on being allowed to list them. */
export const expectedOf = (trail: EstateTrail, shared: readonly string[]): Expected => ({
  id: trail.name,
  truth: trail.truth,
  needs: [...shared, ...readsOf(trail)],
  ...(trail.kind === 'granted' ? { hiddenBy: /ListGrants|AssumeRole/ } : {}),
});

const wireTrail = ({ name, arn, bucket, key }: EstateTrail) => ({
  name,
  arn,
  region: REGION,
  bucket,
  keyArn: key?.arn ?? null,
});

function sentOf(evaluation: object): Sent {
  const { ComplianceResourceId, ComplianceType, Annotation = '' } = evaluation as Readonly<Record<string, string>>;
  return { id: ComplianceResourceId ?? '', type: ComplianceType ?? '', annotation: Annotation };
}

const resultOf = (ResourceId: string) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: { ConfigRuleName: RULE, ResourceType: 'AWS::CloudTrail::Trail', ResourceId },
  },
  ComplianceType: 'COMPLIANT',
});

const changedKey = (arn: string) => ({
  messageType: 'ConfigurationItemChangeNotification',
  configurationItemDiff: { changedProperties: {}, changeType: 'UPDATE' },
  notificationCreationTime: CAPTURED_AT,
  recordVersion: '1.3',
  configurationItem: {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: CAPTURED_AT,
    configurationStateId: 1763629200000,
    awsAccountId: ACCOUNT,
    configurationItemStatus: 'OK',
    resourceType: 'AWS::KMS::Key',
    resourceId: arn.split('/')[1],
    ARN: arn,
    awsRegion: REGION,
    configuration: { keyId: arn.split('/')[1], arn },
    supplementaryConfiguration: {},
  },
});
