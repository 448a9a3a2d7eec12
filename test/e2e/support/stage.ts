import { type Account, accountAt } from './account.ts';
import { answerAsConfig } from './awsConfig.ts';
import { samBundle } from './bundle.ts';
import { type Lambda, startLambda } from './lambda.ts';
import { startMoto } from './moto.ts';
import { startWire, type Wire } from './wire.ts';

/** The whole stage of an end-to-end test: AWS on this machine, and the function that SAM built in front of it. */
export interface Stage {
  /** Where moto itself listens: nothing that goes there is recorded. */
  readonly motoUrl: string;
  readonly account: Account;
  readonly wire: Wire;
  readonly lambda: Lambda;
  /** An empty account, an empty record and AWS Config's usual answers. */
  reset(): Promise<void>;
  close(): void;
}

/** @param environment added to the function's variables */
export async function openStage(environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const moto = await startMoto();
  const wire = await startWire(moto.port);
  const bundle = samBundle();
  const lambda = await startLambda({
    folder: bundle.folder,
    handler: bundle.handler,
    environment: { ...bundle.environment, ...environment, AWS_ENDPOINT_URL: wire.url },
  });
  const motoUrl = `http://127.0.0.1:${moto.port}`;
  return {
    motoUrl,
    account: accountAt(motoUrl),
    wire,
    lambda,
    reset: async () => {
      await fetch(`${motoUrl}/moto-api/reset`, { method: 'POST' });
      wire.reset();
      answerAsConfig(wire);
    },
    close: () => {
      lambda.stop();
      wire.close();
      moto.stop();
    },
  };
}
