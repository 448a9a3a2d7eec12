import { NO_TALLY, sumOf, tallyOf } from '../../../src/rule/evaluate/tally.ts';
import { failing, verdict } from '../../handlers/support/verdicts.ts';

test('verdicts are counted by compliance type, standing and check', () => {
  expect(tallyOf([verdict(), failing(), failing()])).toEqual({
    complianceTypes: { COMPLIANT: 1, NON_COMPLIANT: 2, NOT_APPLICABLE: 0 },
    standings: { compliant: 1, 'non-compliant': 2 },
    failed: { 'key-usable': 2, 'readers-bounded': 2 },
    unknown: {},
  });
});

test('the tally of batches is that of all their verdicts', () => {
  expect(sumOf([tallyOf([verdict(), failing()]), tallyOf([failing()])])).toEqual(
    tallyOf([failing(), verdict(), failing()]),
  );
  expect(sumOf([])).toEqual(NO_TALLY);
  expect(tallyOf([])).toEqual(NO_TALLY);
});
