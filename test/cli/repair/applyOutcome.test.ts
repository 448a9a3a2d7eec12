import { reasonOf } from '../../../src/cli/repair/applyOutcome.ts';
import type { Ending } from '../../../src/remediate/outcome.ts';

test.each<[string, Ending, string | null]>([
  ['applied', { status: 'applied' }, null],
  ['rolled back', { status: 'rolled-back', reason: 'it fails' }, 'it fails'],
  [
    'left',
    {
      status: 'left',
      reason: 'it fails',
      left: [
        { step: 'enable K', reason: 'denied' },
        { step: null, reason: 'the deletion stays cancelled' },
      ],
    },
    'it fails; `enable K` was not taken back: denied; the deletion stays cancelled',
  ],
  [
    'interrupted at once',
    { status: 'interrupted', begun: [] },
    'interrupted at K; nothing was changed; run again to go on from there',
  ],
  [
    'interrupted later',
    { status: 'interrupted', begun: ['one', 'two'] },
    'interrupted at K; done so far: one, two; run again to go on from there',
  ],
])('%s', (_, ending, reason) => expect(reasonOf(ending, 'K')).toBe(reason));
