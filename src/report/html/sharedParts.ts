import { createHash } from 'node:crypto';
import { trailName } from '../subject.ts';
import { html, type Markup } from './markup.ts';
import type { NumberedTrail } from './table.ts';
import { shortName } from './words.ts';

/**
 * Makes a part, or a link to one that is the same.
 *
 * @param what its kind and all that it is made of: where that is the same, so is the part
 */
export type Once = (what: readonly [kind: string, ...from: readonly string[]], make: () => Markup) => Markup;

/** Shorter than this a part is told again: a link is not much shorter. */
const SHORT = 400;

/**
 * Details that trails have in common: made and written in full with the first of them, with the others a link to it, in
 * whose place the script puts the part.
 *
 * Ten thousand trails with a thousand keys say the same ten times: the page would be four times as large.
 */
export class SharedParts {
  readonly #firsts = new Map<string, { readonly part: number; readonly of: NumberedTrail }>();

  /** For the details of one trail. */
  for(of: NumberedTrail): Once {
    return (what, make) => this.#once(of, what, make);
  }

  #once(of: NumberedTrail, what: readonly string[], make: () => Markup): Markup {
    const digest = createHash('sha256').update(what.join('\0')).digest('base64');
    const first = this.#firsts.get(digest);
    if (first !== undefined)
      return html`<p class="same" data-part="${first.part}" data-of="trail-${first.of.number}">As of <a href="#part-${first.part}"><bdi>${shortName(trailName(first.of.trail))}</bdi></a></p>`;
    const made = make();
    if (made.source.length < SHORT) return made;
    const part = this.#firsts.size + 1;
    this.#firsts.set(digest, { part, of });
    // The script finds it by the comments, for no text of others can hold one.
    return html`<div class="part" id="part-${part}"><!--${part}-->${made}<!--/${part}--></div>`;
  }
}
