import { fileWording } from '../../src/iac/fileWording.ts';
import type { TrailSource } from '../../src/iac/model.ts';
import { remedyInWords, sentence } from '../../src/trail/remedy/remedy.ts';
import { EXAMPLES } from '../trail/remedy/examples.ts';

const wording = fileWording({ address: 'Trail', keyProperty: 'KMSKeyId' } as TrailSource);

test.each(EXAMPLES)('%s where the trail stands in a file', (_, { remedy, says, inFile = says }) => {
  expect(sentence(remedyInWords(remedy, wording))).toBe(inFile);
});
