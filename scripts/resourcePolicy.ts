/** A function's whole resource policy holds at most this many bytes; the quota cannot be raised (AWS Lambda Developer Guide, "Lambda quotas"). */
export const POLICY_BYTES = 20_480;
/** Up to this many accounts have a statement each, as AddPermission writes them: about 70 fit. */
export const STATEMENTS = 60;

/** What lets AWS Config invoke the function for the rules of other accounts. */
export interface ResourcePolicy {
  readonly Version: '2012-10-17';
  readonly Id: 'default';
  readonly Statement: readonly PolicyStatement[];
}

/** The same with what else the function's policy holds, which PutResourcePolicy would take away. */
export interface WholePolicy extends Omit<ResourcePolicy, 'Statement'> {
  readonly Statement: readonly (PolicyStatement | Record<string, unknown>)[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: 'config.amazonaws.com' };
  readonly Action: 'lambda:InvokeFunction';
  readonly Resource: string;
  readonly Condition:
    | { readonly StringEquals: { readonly 'AWS:SourceAccount': string | readonly string[] } }
    | { readonly StringEquals: { readonly 'aws:SourceOrgID': string } }
    | { readonly ArnLike: { readonly 'AWS:SourceArn': string } };
}

interface Place {
  readonly partition: string;
  readonly region: string;
}

/**
 * The statements for the rules of some accounts: one for each account, or, above {@link STATEMENTS}, one for the rules of
 * every account. Then nothing but the check in the function's code keeps strangers out: EXPECTED_ACCOUNTS or
 * EXPECTED_ORGANIZATION (docs/threat-model.md).
 *
 * @param functionArn of the function or of one of its aliases
 * @throws Error on an ARN or an id that is none, on `$LATEST`, and above {@link POLICY_BYTES}
 */
export function resourcePolicy(functionArn: string, accounts: readonly string[]): ResourcePolicy {
  const place = placeOf(functionArn);
  const distinct = distinctAccounts(accounts);
  const statements =
    distinct.length > STATEMENTS
      ? [everyRule(functionArn, place)]
      : distinct.map((accountId) => rulesOf(functionArn, `Config${accountId}`, accountId));
  return fitting(policyOf(statements));
}

/**
 * The whole policy for PutResourcePolicy, which takes any condition: one statement for all accounts, of which about 1,300 fit;
 * above that one for the organization, where it is given, or else for the rules of every account.
 *
 * @param kept statements of the policy as it is: those of others stay
 * @param organization its id: whether AWS Config's call carries `aws:SourceOrgID` is not documented; without it no rule invokes
 * @throws Error as {@link resourcePolicy}
 */
export function wholePolicy(
  functionArn: string,
  accounts: readonly string[],
  { kept = [], organization }: { readonly kept?: WholePolicy['Statement']; readonly organization?: string } = {},
): WholePolicy {
  const place = placeOf(functionArn);
  if (organization !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organization))
    throw new Error(`\`${organization}\` is no organization id, accepted is one such as \`o-exampleorgid\``);
  const others = kept.filter(({ Sid }) => !OWN_SIDS.test(String(Sid)));
  const whole = (statement: PolicyStatement) => policyOf([...others, statement]);
  const byAccount = whole(rulesOf(functionArn, 'ConfigAccounts', distinctAccounts(accounts)));
  if (sizeOf(byAccount) <= POLICY_BYTES) return byAccount;
  return fitting(
    whole(organization === undefined ? everyRule(functionArn, place) : ofOrganization(functionArn, organization)),
  );
}

/** What this script and its former runs name their statements. */
const OWN_SIDS = /^Config(\d{12}|Accounts|Organization|EveryAccount)$/;

const policyOf = <S>(Statement: readonly S[]) => ({ Version: '2012-10-17', Id: 'default', Statement }) as const;

function distinctAccounts(accounts: readonly string[]): readonly string[] {
  const wrong = accounts.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw new Error(`\`${wrong}\` is no account id, accepted are twelve digits`);
  if (accounts.length === 0) throw new Error('no account is given, accepted is at least one');
  return [...new Set(accounts)].sort();
}

function fitting<P extends WholePolicy>(policy: P): P {
  const bytes = sizeOf(policy);
  if (bytes > POLICY_BYTES)
    throw new Error(`the policy takes ${bytes} bytes, accepted are ${POLICY_BYTES}: give the function a shorter name`);
  return policy;
}

/** As Lambda stores it: without white space. */
export const sizeOf = (policy: WholePolicy): number => Buffer.byteLength(JSON.stringify(policy));

/** Whether the function's own check of the account is the only boundary. */
export const isBroad = ({ Statement }: WholePolicy): boolean => Statement.some(({ Sid }) => Sid === EVERY_ACCOUNT);

function placeOf(functionArn: string): Place {
  const [, partition, region, qualifier] =
    /^arn:(aws[a-z-]*):lambda:([a-z0-9-]+):\d{12}:function:[\w-]{1,64}(?::([\w$-]+))?$/.exec(functionArn) ?? [];
  if (partition === undefined || region === undefined)
    throw new Error(`\`${functionArn}\` is no ARN of a function, accepted is one with or without an alias`);
  if (qualifier === '$LATEST')
    throw new Error(`\`${functionArn}\` names $LATEST, which an organization rule cannot invoke: leave it out`);
  return { partition, region };
}

const statement = (Resource: string, Sid: string, Condition: PolicyStatement['Condition']): PolicyStatement => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: 'config.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource,
  Condition,
});

const rulesOf = (functionArn: string, sid: string, accounts: string | readonly string[]): PolicyStatement =>
  statement(functionArn, sid, { StringEquals: { 'AWS:SourceAccount': accounts } });

const ofOrganization = (functionArn: string, organization: string): PolicyStatement =>
  statement(functionArn, 'ConfigOrganization', { StringEquals: { 'aws:SourceOrgID': organization } });

const EVERY_ACCOUNT = 'ConfigEveryAccount';

const everyRule = (functionArn: string, { partition, region }: Place): PolicyStatement =>
  statement(functionArn, EVERY_ACCOUNT, {
    ArnLike: { 'AWS:SourceArn': `arn:${partition}:config:${region}:*:config-rule/*` },
  });

/** One `aws lambda add-permission` a statement. */
export function addPermissionCommands({ Statement }: ResourcePolicy): readonly string[] {
  return Statement.map(({ Sid, Resource, Condition, Action, Principal }) => {
    const [, region = '', functionName = '', qualifier] =
      /lambda:([\w-]+):\d+:function:([\w-]+)(?::([\w-]+))?$/.exec(Resource) ?? [];
    const source =
      'ArnLike' in Condition
        ? `--source-arn '${Condition.ArnLike['AWS:SourceArn']}'`
        : `--source-account ${Object.values(Condition.StringEquals)}`;
    const alias = qualifier === undefined ? '' : ` --qualifier ${qualifier}`;
    return `aws lambda add-permission --region ${region} --function-name ${functionName}${alias} --statement-id ${Sid} --action ${Action} --principal ${Principal.Service} ${source}`;
  });
}

/**
 * The statements of a function's policy as it is, from the answer of `aws lambda get-policy`.
 *
 * @throws Error when the text is no such answer
 */
export function statementsOf(text: string): WholePolicy['Statement'] {
  const { Policy } = parsed(text, '`--current`') as { Policy?: unknown };
  const { Statement } = parsed(String(Policy), '`--current`') as { Statement?: unknown };
  if (!Array.isArray(Statement)) throw new Error('`--current` is not the JSON of `aws lambda get-policy`');
  return Statement;
}

/**
 * The ids of the accounts that are active, from the answer of `aws organizations list-accounts`.
 *
 * @throws Error when the text is no such answer
 */
export function activeAccounts(text: string): readonly string[] {
  const { Accounts } = parsed(text, 'standard input') as { Accounts?: unknown };
  if (!Array.isArray(Accounts)) throw new Error('standard input is not the JSON of `aws organizations list-accounts`');
  return Accounts.filter(({ Status = 'ACTIVE', State = Status }) => State === 'ACTIVE').map(({ Id }) => String(Id));
}

function parsed(text: string, what: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch (cause) {
    throw new Error(`${what} is not JSON`, { cause });
  }
}
