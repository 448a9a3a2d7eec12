import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type LiveCase, liveCases } from './cases.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { verdictOn } from './verdict.ts';

// Asks CloudTrail itself: for each key policy, does UpdateTrail take the key where the rule says that CloudTrail can
// encrypt? Creates one bucket, one key and one trail (that never logs) in a sandbox account, and removes them again.

const OPT_IN = 'CLOUDTRAIL_KMS_LIVE_ACCOUNT';
const REGION = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
/** Milliseconds between two questions; an endpoint of one's own needs no patience. */
const PAUSE = process.env.AWS_ENDPOINT_URL ? 0 : 5_000;

type Result = 'agrees' | 'disagrees' | 'undecided' | 'not asked';

const sandboxAccount = process.env[OPT_IN];
if (!sandboxAccount) {
  console.log(
    `live tests skipped: set ${OPT_IN} to the id of a sandbox account, and give its credentials, to run them`,
  );
} else {
  const caller = await whoseCredentials();
  if (caller === null) console.log('live tests skipped: no credentials were found');
  else if (caller.account === sandboxAccount) process.exitCode = await compareAll(caller);
  else {
    console.error(`the credentials belong to account \`${caller.account}\`, but ${OPT_IN} is \`${sandboxAccount}\``);
    process.exitCode = 2;
  }
}

interface Caller {
  readonly account: string;
  readonly arn: string;
}

async function whoseCredentials(): Promise<Caller | null> {
  try {
    const { Account, Arn } = await new STSClient({ region: REGION }).send(new GetCallerIdentityCommand({}));
    return Account && Arn ? { account: Account, arn: Arn } : null;
  } catch (error) {
    if ((error as Error).name === 'CredentialsProviderError') return null;
    throw error;
  }
}

async function compareAll({ account, arn: callerArn }: Caller): Promise<number> {
  const sandbox = await openSandbox(account, REGION, PAUSE);
  const removed = removeOnSignal(sandbox);
  const count: Record<Result, number> = { agrees: 0, disagrees: 0, undecided: 0, 'not asked': 0 };
  let left: readonly string[] = [];
  try {
    for (const each of liveCases({ account, region: REGION, callerArn, ...sandbox })) {
      const { result, why } = await compare(each, sandbox, account);
      count[result]++;
      console.log(`${result.padEnd(9)}  ${each.name}: ${why}`);
    }
  } finally {
    left = await removed();
    for (const what of left) console.error(`remove by hand: ${what}`);
  }
  const skipped = count.undecided + count['not asked'];
  console.log(`${count.agrees} passed, ${count.disagrees} failed, ${skipped} skipped`);
  return count.disagrees === 0 && left.length === 0 ? 0 : 1;
}

async function compare(each: LiveCase, sandbox: Sandbox, account: string): Promise<{ result: Result; why: string }> {
  if (each.unsuitable !== null) return { result: 'not asked', why: each.unsuitable };
  const refusal = await sandbox.writePolicy(each.policy);
  if (refusal !== null) return { result: 'not asked', why: `KMS does not take the policy: ${refusal}` };
  const answer = await sandbox.tryKey();
  const { encrypt, describe } = await verdictOn(sandbox, account, REGION);
  const why = `the rule says ${encrypt}, CloudTrail ${answer} the key`;
  if (encrypt === 'unknown') return { result: 'undecided', why };
  if ((encrypt === 'pass') === (answer === 'accepted')) return { result: 'agrees', why };
  if (encrypt === 'pass' && describe !== 'pass') {
    // Delivery goes on without DescribeKey; whether UpdateTrail insists on it is not documented.
    await sandbox.writePolicy(withDescribeKey(each.policy));
    if ((await sandbox.tryKey()) === 'accepted')
      return { result: 'agrees', why: `${why}, and accepts it with DescribeKey` };
  }
  return { result: 'disagrees', why };
}

function withDescribeKey({ Version, Statement }: LiveCase['policy']): LiveCase['policy'] {
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  const describe = { Sid: 'LiveDescribe', Effect: 'Allow', Principal, Action: 'kms:DescribeKey', Resource: '*' };
  return { Version, Statement: [...Statement, describe] };
}

/** Removes the sandbox when a person stops the run, and lets the run's own end do the same. */
function removeOnSignal(sandbox: Sandbox): () => Promise<readonly string[]> {
  const stop = async () => {
    for (const what of await sandbox.remove()) console.error(`remove by hand: ${what}`);
    process.exit(130);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => sandbox.remove();
}
