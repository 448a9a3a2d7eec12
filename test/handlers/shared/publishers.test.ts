import { logPublisher, publishingTo } from '../../../src/handlers/shared/publishers.ts';
import type { CentralRun, Publisher } from '../../../src/rule/central/centralRun.ts';
import { trailFacts, trailNamed } from '../../rule/facts.ts';
import { verdict } from '../support/verdicts.ts';

const noting = (name: string, notes: string[], error: Error | null = null): Publisher => {
  const note = async (what: string) => {
    notes.push(`${name} ${what}`);
    if (error !== null) throw error;
  };
  return { publish: () => note('publish'), finish: () => note('finish') };
};

test('the line of an event data store has the name that AWS Config has for it', async () => {
  const arn = 'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/EXAMPLE-1';
  const trail = {
    ...trailFacts(trailNamed('lake', { isOrganization: true }), new Date(0)),
    arn,
    eventDataStore: { unread: null },
  };
  const lines: object[] = [];
  const logger = { info: (_: string, line: object) => void lines.push(line) };
  await logPublisher(logger as never).publish([{ verdict: verdict({ trail }), source: 'home', capturedAt: null }]);
  expect(lines).toMatchObject([{ resourceId: arn, trailArn: arn, isOrganization: false }]);
});

test.each([
  ['the first', [new Error('full'), null]],
  ['the last', [null, new Error('full')]],
  ['each', [new Error('full'), new Error('down')]],
])('every place is reached and the first trouble is thrown, where %s fails', async (_, errors) => {
  const notes: string[] = [];
  const to = publishingTo(...errors.map((error, index) => noting(`${index}`, notes, error)));
  await expect(to.publish([])).rejects.toThrow('full');
  await expect(to.finish({} as CentralRun)).rejects.toThrow('full');
  expect(notes).toEqual(['0 publish', '1 publish', '0 finish', '1 finish']);
});
