/**
 * Stands in for Lambda's runtime client: loads a bundle and serves one invocation after the other. It catches nothing
 * beyond the handler's own error, so that a stray rejection ends the process as it does in Lambda.
 */
import { pathToFileURL } from 'node:url';

interface Invocation {
  readonly event: unknown;
  readonly functionArn: string;
  readonly remaining: number;
}

let log: string[] = [];
process.stdout.write = ((chunk: unknown) => log.push(String(chunk)) > 0) as typeof process.stdout.write;

const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href);

process.on('message', async ({ event, functionArn, remaining }: Invocation) => {
  const end = performance.now() + remaining;
  log = [];
  const context = {
    awsRequestId: 'request',
    functionName: 'function',
    functionVersion: '$LATEST',
    memoryLimitInMB: '256',
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
  };
  try {
    const payload = (await handler(event, context)) ?? null;
    process.send?.({ ok: true, payload, log: log.join('') });
  } catch (error) {
    const { name, message } = error as Error;
    process.send?.({ ok: false, name, message, log: log.join('') });
  }
});
process.send?.('ready');
