import { ACCOUNT, REGION } from '../../e2e/support/account.ts';
import { type AggregatedTrail, queryAnswer } from '../../e2e/support/aggregator.ts';
import { ok, type WireAnswer, type WireRequest } from '../../e2e/support/wire.ts';
import { answerAbout, nameOf } from '../awsAnswers.ts';
import { type EstateTrail, makeEstate } from '../estate.ts';
import { functionTarget } from '../functionTarget.ts';
import { EVERY_KIND } from '../kinds.ts';
import { type Expected, judgeVerdicts, type Sent } from '../oracle.ts';
import { countOf, expectedOf, remainingOf } from './configRule.ts';

const ROLES = ['member', 'key-reader'];
const ROWS_PER_PAGE = 5;
const GENERATOR = 'cloudtrail-kms-rule';
const FAILING = 'NON_COMPLIANT';

interface Finding {
  readonly Id: string;
  readonly Compliance: { readonly Status: string };
}

/** The central evaluation: trails of its own account and of a member, and an organization trail that only CloudTrail shows. */
export const centralEvaluation = functionTarget({
  bundle: 'centralEvaluation',
  runs: 100,
  kinds: [...EVERY_KIND, 'mixed'],
  environment: {
    SECURITY_HUB_FINDINGS: 'true',
    RULE_PARAMETERS: JSON.stringify({
      aggregatorName: 'organization',
      memberRoleName: ROLES[0],
      keyReaderRoleName: ROLES[1],
    }),
  },
  prepare(seed, kind) {
    const member = `2${String(seed).padStart(11, '0')}`;
    const estate = makeEstate(seed, { accounts: [ACCOUNT, member], count: countOf(seed, kind) });
    const everyone = organizationTrail(seed, `3${member.slice(1)}`);
    const whole = { ...estate, trails: [...estate.trails, everyone] };
    const imported: Sent[] = [];
    const gone = `arn:aws:cloudtrail:${REGION}:${member}:trail/gone`;
    const open = [gone, ...estate.trails.map(({ arn }) => arn)].map((arn) => ({ Id: `${arn}/${GENERATOR}` }));

    const list = `cloudtrail DescribeTrails ${ACCOUNT}`;
    const rows = estate.trails.map(rowOf);
    const pages = rows.map((_, index) => index).filter((index) => index % ROWS_PER_PAGE === 0);
    const query = pages.map(
      (start) => `config SelectAggregateResourceConfig ${ACCOUNT}${start === 0 ? '' : `#${start}`}`,
    );
    const hub = ['securityhub POST-/findings/import', 'securityhub POST-/findings'];
    const expected: readonly Expected[] = whole.trails.map((trail) => {
      const roles = ROLES.slice(0, trail.key === null ? 1 : 2);
      const entered = roles.map((role) => `sts AssumeRole arn:aws:iam::${trail.accountId}:role/${role}`);
      const shared = [...query, list, ...(trail.accountId === ACCOUNT ? [] : entered)];
      return {
        ...expectedOf(trail, shared),
        id: trail.arn,
        ...(trail === everyone ? { unseenBy: /DescribeTrails/ } : {}),
      };
    });
    const withHub = (each: Expected): Expected => ({ ...each, needs: [...each.needs, ...hub.slice(0, 1)] });
    // The finding of a trail that is gone is archived, as that of a trail without a failure, once CloudTrail shows it no more.
    const asking = [`sts AssumeRole arn:aws:iam::${member}:role/${ROLES[0]}`, `cloudtrail DescribeTrails ${gone}`];
    const unseenBy = /DescribeTrails|AssumeRole/;
    const closed = { id: gone, truth: 'COMPLIANT', needs: [...query, list, ...hub, ...asking], unseenBy };
    const answer = (request: WireRequest): WireAnswer => {
      switch (request.operation) {
        case 'SelectAggregateResourceConfig':
          return queryAnswer(rows, ROWS_PER_PAGE)(request) as WireAnswer;
        case 'BatchGetAggregateResourceConfig':
          return ok({ BaseConfigurationItems: [], UnprocessedResourceIdentifiers: [] });
        case 'POST /findings/import': {
          const taken = request.body.Findings as readonly Finding[];
          imported.push(...taken.map(sentOf));
          return ok({ FailedCount: 0, SuccessCount: taken.length, FailedFindings: [] });
        }
        case 'POST /findings':
          return ok({ Findings: open });
        default:
          return answerAbout(whole, request);
      }
    };
    return {
      world: { nameOf, answer },
      requests: [...new Set([...expected, closed].flatMap(({ needs }) => needs))],
      event: async () => ({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }),
      remaining: remainingOf,
      judge(answered, plan) {
        const succeeded = answered.ok === true;
        const judged = judgeVerdicts(expected, answered.ok === null ? [] : verdictsIn(answered.log), plan, succeeded);
        const findings = judgeVerdicts([...expected.map(withHub), closed], imported, plan, succeeded);
        const wrong = [...judged.wrong, ...findings.wrong.map((text) => `${text} (finding)`)];
        return { ...judged, isDone: succeeded && wrong.length === 0, wrong };
      },
    };
  },
});

/** The words of a finding are not looked at, but for a warning: an undecided trail. */
function sentOf({ Id, Compliance }: Finding): Sent {
  const types: Readonly<Record<string, string>> = { PASSED: 'COMPLIANT', FAILED: FAILING, WARNING: FAILING };
  const annotation = Compliance.Status === 'WARNING' ? 'UNDECIDED:' : '';
  return { id: Id.replace(`/${GENERATOR}`, ''), type: types[Compliance.Status] ?? Compliance.Status, annotation };
}

const organizationTrail = (seed: number, accountId: string): EstateTrail => ({
  name: `everyone-${seed}`,
  arn: `arn:aws:cloudtrail:${REGION}:${accountId}:trail/everyone-${seed}`,
  accountId,
  kind: 'bare',
  truth: 'NON_COMPLIANT',
  bucket: `logs-${seed}-0`,
  key: null,
  isOrganization: true,
});

const rowOf = ({ arn, bucket, key }: EstateTrail): AggregatedTrail => ({ arn, bucket, keyArn: key?.arn ?? null });

function verdictsIn(log: string): readonly Sent[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>)
    .filter(({ message }) => message === 'evaluated')
    .map(({ trailArn = '', complianceType = '', annotation = '' }) => ({
      id: trailArn,
      type: complianceType,
      annotation,
    }));
}
