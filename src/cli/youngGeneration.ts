import { setFlagsFromString } from 'node:v8';

/**
 * V8's young generation grows no more in this process, which would double it twice while a large snapshot is read and
 * never shrink it: what is judged and printed lives shortly and needs no room. Of ten thousand trails a fifth to two
 * fifths of the peak are saved (docs/decisions/0007-reports-are-streamed.md), at no measurable cost in time.
 *
 * A process that has read much before keeps what it has.
 */
export function keepYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
