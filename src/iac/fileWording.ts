import { setKeyInWords } from '../trail/remedy/keyChoice.ts';
import { COMMAND_LINE, type Wording } from '../trail/remedy/remedy.ts';
import { ON_PRIMARY } from '../trail/remedy/steps.ts';
import { names, say } from '../trail/remedy/words.ts';
import type { TrailSource } from './model.ts';

/** Remedies where a trail stands in a file: what a command would change is changed there. */
export const fileWording = ({ address, keyProperty }: TrailSource): Wording => ({
  // `repair` reads what is deployed.
  omits: (step) => step.do === 'repair',
  step(step) {
    switch (step.do) {
      case 'set-key':
        return setKeyInWords(step.key, say`set ${keyProperty} of ${address}`);
      case 'write-policy':
        return ['in the file'];
      case 'start-logging':
        return say`leave logging on in ${address}`;
      case 'enable-key':
        return ['enable the key in the file'];
      case 'rotate-key':
        return ['turn rotation on in the file', ...(step.isMultiRegion ? [ON_PRIMARY] : [])];
      case 'revoke-grant':
        return ['take the grant out of the file'];
      case 'remove-share':
        return say`change or remove ${names(step.statements)} in the file`;
      case 'encrypt-log-group':
        return ['give the log group a key in the file'];
      case 'set-topic-key':
        return ['give the topic a customer-managed key that allows CloudTrail in the file'];
      case 'let-rule-read':
        return ['settle what is open in the file, or check the trail with `cloudtrail-kms scan` once it is deployed'];
      default:
        return COMMAND_LINE.step(step);
    }
  },
  joint: (step) => (step.do === 'write-policy' ? ' ' : COMMAND_LINE.joint(step)),
});
