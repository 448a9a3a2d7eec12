import { ACCOUNT, REGION } from '../../e2e/support/account.ts';
import { type AggregatedTrail, queryAnswer } from '../../e2e/support/aggregator.ts';
import { ok, refuse, type WireAnswer, type WireRequest } from '../../e2e/support/wire.ts';
import { answerAbout, nameOf, signerOf } from '../awsAnswers.ts';
import { FUNCTION_ARN, functionTarget } from '../functionTarget.ts';
import { EVERY_KIND } from '../kinds.ts';
import { judgeVerdicts, type Sent } from '../oracle.ts';
import { remainingOf } from './configRule.ts';

const ROWS_PER_PAGE = 2;
const NOBODY = { trails: [], keys: new Map() };

/** The function behind events of KMS: one key that trails of three accounts use, and others that do not. */
export const keyEvent = functionTarget({
  bundle: 'keyEvent',
  runs: 100,
  kinds: [...EVERY_KIND.filter((kind) => kind !== 'half taken'), 'mixed'],
  environment: {
    RULE_FUNCTION_ARN: FUNCTION_ARN,
    RULE_PARAMETERS: JSON.stringify({ aggregatorName: 'organization', memberRoleName: 'member' }),
  },
  prepare(seed) {
    const accounts = [ACCOUNT, ...['2', '3', '4'].map((first) => `${first}${String(seed).padStart(11, '0')}`)];
    const keyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${seed}`;
    const rows = accounts.map(
      (account, index): AggregatedTrail => ({
        arn: `arn:aws:cloudtrail:${REGION}:${account}:trail/t-${seed}`,
        // The last one has another key.
        keyArn: index === accounts.length - 1 ? `${keyArn}-other` : keyArn,
        bucket: 'logs',
      }),
    );
    const sent: Sent[] = [];
    const list = `cloudtrail DescribeTrails ${ACCOUNT}`;
    const query = ['', `#${ROWS_PER_PAGE}`].map((page) => `config SelectAggregateResourceConfig ${ACCOUNT}${page}`);
    const expected = accounts.slice(0, -1).map((account) => ({
      id: ruleOf(account),
      truth: 'started',
      needs: [
        ...query,
        list,
        ...(account === ACCOUNT ? [] : [`sts AssumeRole arn:aws:iam::${account}:role/member`]),
        `config DescribeConfigRules ${account}`,
        `config DescribeConfigRules ${account}#1`,
        `config StartConfigRulesEvaluation ${ruleOf(account)}`,
      ],
    }));
    const answer = (request: WireRequest): WireAnswer => {
      const { operation, body } = request;
      const rule = (ConfigRuleName: string, SourceIdentifier: string) => ({
        ConfigRuleName,
        Source: { SourceIdentifier },
      });
      switch (operation) {
        case 'SelectAggregateResourceConfig':
          return queryAnswer(rows, ROWS_PER_PAGE)(request) as WireAnswer;
        case 'DescribeConfigRules':
          return body.NextToken === undefined
            ? ok({ ConfigRules: [rule('somebody-elses', 'AWS_MANAGED')], NextToken: '1' })
            : ok({ ConfigRules: [rule(ruleOf(signerOf(request)), FUNCTION_ARN)] });
        case 'StartConfigRulesEvaluation': {
          const names = body.ConfigRuleNames as readonly string[];
          if (names.some((name) => name !== ruleOf(signerOf(request)))) return refuse('NoSuchConfigRuleException');
          sent.push(...names.map((id) => ({ id, type: 'started', annotation: '' })));
          return ok({});
        }
        default:
          return answerAbout(NOBODY, request);
      }
    };
    return {
      world: { nameOf, answer },
      requests: [...new Set(expected.flatMap(({ needs }) => needs))],
      event: async () => ({
        source: 'aws.kms',
        detail: { eventName: 'PutKeyPolicy', requestParameters: { keyId: keyArn } },
      }),
      remaining: remainingOf,
      judge: (answered, plan) => judgeVerdicts(expected, sent, plan, answered.ok === true),
    };
  },
});

const ruleOf = (account: string): string => `rule-of-${account}`;
