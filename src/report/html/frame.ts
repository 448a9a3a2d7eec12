import { createHash } from 'node:crypto';
import type { ReportAbout } from '../report.ts';
import { SCRIPT, STYLE } from './assets.ts';
import { html, Markup } from './markup.ts';

/** Nothing is loaded, sent or framed in, and only the page's own style and script run. */
const POLICY = [
  "default-src 'none'",
  `style-src '${digest(STYLE)}'`,
  `script-src '${digest(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function digest(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

export const head = (title: string): Markup => html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">
<title>${title}</title><style>${new Markup(STYLE)}</style></head>
`;

export type MadeBy = Pick<ReportAbout, 'tool' | 'evaluatedAt' | 'factsAt'>;

/** Which version made a page, when, and of which facts. */
export const madeBy = ({ tool, evaluatedAt, factsAt }: MadeBy): Markup =>
  html`<p class="made" data-version="${tool.version}">Made by cloudtrail-kms ${tool.version}, ${time(evaluatedAt)}; facts of ${factsAt === null ? 'an unknown time' : time(factsAt)}</p>`;

/** A moment to the second, UTC. */
export const time = (at: string): Markup =>
  html`<time datetime="${at}">${at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`;
