import type { Ending } from '../../remediate/outcome.ts';

/** What became of one plan, in words. */
export interface ApplyOutcome {
  readonly status: Ending['status'];
  /** One sentence part; `null` where everything went well. */
  readonly reason: string | null;
  /** The file that holds the key policy as it was; `null` where none was written. */
  readonly backup: string | null;
}

/** Why a plan ended as it did, as a sentence part; `null` where everything went well. */
export function reasonOf(ending: Ending, keyArn: string | null): string | null {
  switch (ending.status) {
    case 'applied':
      return null;
    case 'left':
      return [
        ending.reason,
        ...ending.left.map(({ step, reason }) => (step === null ? reason : notTakenBack(step, reason))),
      ].join('; ');
    case 'interrupted': {
      const { begun } = ending;
      const what = begun.length === 0 ? 'nothing was changed' : `done so far: ${begun.join(', ')}`;
      return `interrupted at ${keyArn}; ${what}; run again to go on from there`;
    }
    default:
      return ending.reason;
  }
}

const notTakenBack = (step: string, reason: string): string => `\`${step}\` was not taken back: ${reason}`;
