import { publishingTo } from '../../../src/handlers/shared/publishers.ts';
import type { CentralRun, Publisher } from '../../../src/rule/central/centralRun.ts';

const noting = (name: string, notes: string[], error: Error | null = null): Publisher => {
  const note = async (what: string) => {
    notes.push(`${name} ${what}`);
    if (error !== null) throw error;
  };
  return { publish: () => note('publish'), finish: () => note('finish') };
};

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
