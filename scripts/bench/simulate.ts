import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { awsPolicy, trailArn } from '../../test/e2e/support/account.ts';
import type { Measurement } from './budget.ts';

const LINES = 100_000;
/** When everything is loaded and warm. */
const EARLY = 30_000;

/** How much memory `simulate` takes more for many lines than for some: it is a stream. */
export async function simulateMemory(cli: string): Promise<Measurement> {
  // Answers each message with the memory in use; the channel keeps nobody alive.
  const probe = "process.on('message', () => process.send(process.memoryUsage.rss())); process.channel.unref();";
  const child = fork(cli, ['simulate'], {
    execArgv: ['--max-semi-space-size=2', '--import', `data:text/javascript,${encodeURIComponent(probe)}`],
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  const resident = async (): Promise<number> => {
    child.send('resident');
    return Number((await once(child, 'message'))[0]);
  };
  const feed = async (): Promise<void> => {
    for (let at = 0; at < LINES; at += 1) if (!stdin.write(line(at))) await once(stdin, 'drain');
  };
  const exited = once(child, 'exit');
  const fed = feed();
  let answered = 0;
  let early = 0;
  let late = 0;
  for await (const answer of createInterface({ input: stdout })) {
    if (JSON.parse(answer).id !== answered) throw new Error(`line ${answered} is answered by ${answer}`);
    answered += 1;
    if (answered === EARLY) early = await resident();
    if (answered !== LINES) continue;
    late = await resident();
    await fed;
    stdin.end();
  }
  const [code] = await exited;
  if (answered !== LINES || code !== 0) throw new Error(`simulate answered ${answered} lines and ended with ${code}`);
  return {
    what: `simulate: memory of ${LINES.toLocaleString('en-US')} lines above that of ${EARLY.toLocaleString('en-US')}`,
    measured: Math.max(0, late - early) / 2 ** 20,
    // Room for the collector's moods; the lines alone would be more.
    limit: 32,
    bound: 'at most',
    unit: ' MB',
  };
}

const trail = trailArn('main');
const policy = awsPolicy(trail);
const line = (id: number): string =>
  `${JSON.stringify({
    id,
    policy,
    request: {
      principal: { Service: 'cloudtrail.amazonaws.com' },
      action: 'kms:GenerateDataKey',
      resource: 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      context: { 'aws:SourceArn': trail },
    },
  })}\n`;
