/** A check that decides something, so that it can be tried at once: the example is to be replaced. */
export const checkTemplate = (
  id: string,
  name: string,
): string => `import { defineCheck, whenMetadataRead } from '../defineCheck.ts';
import { READ_IT, setKey } from '../remedies.ts';
import { fail, pass, undecided } from '../checkResult.ts';

/** TODO: the rule as a fact, one sentence. */
export const ${name} = defineCheck(
  {
    id: '${id}',
    title: 'TODO: the rule as a fact, one sentence',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale: 'TODO: what goes wrong when the check fails.',
    remediation: 'TODO: what a person does when the check fails.',
    examples: {
      pass: 'TODO: facts under which it passes',
      fail: 'TODO: facts under which it fails',
    },
    sources: ['TODO: the title of a documentation page'],
  },
  whenMetadataRead(({ manager }, trail) => {
    // TODO: decide by facts; what nobody could read is undecided, with the reason.
    if (manager === null) return undecided('who manages the key is not known', READ_IT);
    return manager === 'CUSTOMER'
      ? pass('the key is customer-managed')
      : fail('the key is not customer-managed', [[setKey(trail)]]);
  }),
);
`;

/** A row for each status. */
export const caseTemplate = (id: string): string =>
  JSON.stringify({
    about: 'TODO: the rule as a fact, one sentence.',
    cases: [
      { name: 'TODO: it passes', expect: { [id]: 'pass' } },
      { name: 'TODO: it fails', key: { metadata: { manager: 'AWS' } }, expect: { [id]: 'fail' } },
      { name: 'TODO: it is not known', key: { metadata: { manager: null } }, expect: { [id]: 'unknown' } },
      { name: 'TODO: it does not apply', key: null, expect: { [id]: 'not-applicable' } },
    ],
  });
