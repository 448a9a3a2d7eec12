import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const motoServer = join(import.meta.dirname, '../node_modules/.cache/python/bin/moto_server');

/** The AWS endpoint of the tests: KMS, CloudTrail, STS, S3 and Organizations as moto knows them, on this machine. */
export interface Moto {
  readonly port: number;
  stop(): void;
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const child = spawn(motoServer, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const stop = () => {
    child.kill('SIGKILL');
  };
  process.once('exit', stop);
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`).catch(() => null);
    if (answer?.ok) return { port, stop };
    await sleep(100);
  }
  stop();
  throw new Error('moto did not answer within 60 seconds');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
