import type { CheckDocument } from '../trail/check.ts';
import type { Severity } from '../trail/severity.ts';

type SarifLevel = 'error' | 'warning' | 'note';

export const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
};

/** In the middle of the bands by which code scanning names severities (GitHub, SARIF support for code scanning). */
const SCORES: Readonly<Record<Severity, string>> = { CRITICAL: '9.5', HIGH: '8.0', MEDIUM: '5.5', LOW: '2.5' };

/** A check as a SARIF rule (reportingDescriptor, section 3.49), with its document as help. */
export function sarifRule(check: CheckDocument) {
  const controls = check.controls.map(({ framework, id }) => `${framework}: ${id}`);
  return {
    id: check.id,
    name: check.id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${check.title}.` },
    fullDescription: { text: check.rationale },
    help: { text: help(check, controls, plain), markdown: help(check, controls, markdown) },
    defaultConfiguration: { level: LEVELS[check.severity] },
    properties: {
      tags: ['security', 'cloudtrail', 'kms', 'encryption'],
      precision: 'very-high',
      'security-severity': SCORES[check.severity],
      controls,
    },
  };
}

type Heading = (title: string, text: string) => string;

const plain: Heading = (title, text) => `${title}: ${text}`;
const markdown: Heading = (title, text) => `**${title}.** ${text}`;

function help(
  { rationale, remediation, examples, sources }: CheckDocument,
  controls: readonly string[],
  heading: Heading,
) {
  return [
    heading('Why', rationale),
    heading('What to do', remediation),
    heading('Passes', `${examples.pass}.`),
    heading('Fails', `${examples.fail}.`),
    ...(controls.length === 0 ? [] : [heading('Controls', `${controls.join('; ')}.`)]),
    heading('Sources', `${sources.join('; ')}.`),
  ].join('\n\n');
}
