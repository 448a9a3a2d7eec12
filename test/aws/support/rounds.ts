import { setImmediate as turn } from 'node:timers/promises';
import type { AwsClients, OwnClients } from '../../../src/aws/clients.ts';

/** What AWS answers to a command by its name; an error is thrown. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>>;

/** Turns of the event loop without a new request, after which none comes before an answer. */
const QUIET_TURNS = 50;

/**
 * Clients that answer nothing until no further request comes, and then everything at once.
 *
 * @returns the requests of each round: how many steps depend on one another, however long each may take
 */
export async function inRounds(answers: Answers, work: (clients: OwnClients) => Promise<unknown>) {
  let waiting: { readonly name: string; readonly answer: () => void }[] = [];
  const send = async (command: { readonly input: Readonly<Record<string, unknown>> }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const answer = answers[name];
    if (answer === undefined) throw new Error(`nothing answers ${name}`);
    await new Promise<void>((resolve) => waiting.push({ name, answer: resolve }));
    const said = answer(command.input);
    if (said instanceof Error) throw said;
    return said;
  };
  const clients: AwsClients = { get: <Client>() => ({ send }) as Client, as: () => clients };
  const rounds: (readonly string[])[] = [];
  let isOver = false;
  const done = work({ ...clients, startInvocation: () => undefined }).finally(() => {
    isOver = true;
  });
  done.catch(() => undefined);
  while (!isOver) {
    let seen = -1;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = seen === waiting.length ? quiet + 1 : 0) {
      seen = waiting.length;
      await turn();
    }
    const round = waiting;
    waiting = [];
    if (round.length > 0) rounds.push(round.map(({ name }) => name).toSorted());
    for (const { answer } of round) answer();
  }
  await done;
  return rounds;
}
