import { parseItem } from '../../../src/rule/central/centralItem.ts';
import { parseCentralStep } from '../../../src/rule/central/centralStep.ts';
import { parseListed, parseResult } from '../../../src/rule/central/stepResults.ts';
import { InvalidInvocationError } from '../../../src/rule/errors.ts';

const RUN = '6f1c4b7e-0d0a_e1-2.3';

test.each([
  ['a list', { step: 'list', run: RUN, input: { trailsWereDeleted: true } }],
  ['a batch', { step: 'evaluate', run: RUN, items: [{}] }],
  ['a summary', { step: 'summarize', run: RUN, input: {} }],
])('%s', (_, event) => {
  expect(parseCentralStep(event)).toEqual(event);
});

test('an execution without input has none', () => {
  expect(parseCentralStep({ step: 'list', run: RUN })).toEqual({ step: 'list', run: RUN, input: {} });
});

test.each([
  ['a schedule', { source: 'aws.events' }],
  ['nothing', null],
  ['text', 'step'],
])('%s is no step', (_, event) => {
  expect(parseCentralStep(event)).toBeNull();
});

const NAMES = 'the name of an execution: 1 to 80 letters, digits and characters of `._-`';
test.each([
  ['another step', { step: 'archive', run: RUN }, '`step` is `archive`, accepted is `list`, `evaluate` or `summarize`'],
  ['no run', { step: 'list' }, '`run` is missing'],
  ['a run that leads elsewhere', { step: 'list', run: '../x' }, `\`run\` is \`../x\`, accepted is ${NAMES}`],
  ['no items', { step: 'evaluate', run: RUN, items: [] }, '`items` is `[]`, accepted is a list'],
  ['items that are no list', { step: 'evaluate', run: RUN, items: {} }, '`items` is `{}`, accepted is a list'],
])('refuses %s', (_, event, message) => {
  expect(() => parseCentralStep(event)).toThrow(InvalidInvocationError);
  expect(() => parseCentralStep(event)).toThrow(message);
});

const ITEM = { index: 0, source: 'home', capturedAt: null, configuration: { trailARN: 'arn' } };
const TALLY = {
  complianceTypes: { COMPLIANT: 1, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 },
  standings: { compliant: 1 },
  failed: {},
  unknown: {},
};
test.each<[string, () => unknown, string]>([
  ['an item without a place', () => parseItem({ ...ITEM, index: -1 }), '`items[].index`'],
  ['an item from nowhere', () => parseItem({ ...ITEM, source: 'x' }), '`items[].source` is `x`, accepted is `live`'],
  ['an item without a trail', () => parseItem(ITEM), '`configurationItem.configuration.trailARN` is `arn`'],
  ['a list of another version', () => parseListed({ startedAt: 'now' }), '`listed.startedAt` is `now`'],
  ['a result of another version', () => parseResult({ evaluated: [], unevaluated: [] }), '`result.tally` is missing'],
  [
    'a tally that does not count',
    () => parseResult({ evaluated: [], unevaluated: [], tally: { ...TALLY, failed: { 'key-exists': 'x' } } }),
    '`result.tally.failed.key-exists` is `x`, accepted is a number',
  ],
])('refuses %s', (_, parse, message) => {
  expect(parse).toThrow(InvalidInvocationError);
  expect(parse).toThrow(message);
});
