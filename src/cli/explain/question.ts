import { KMS_ACTIONS } from '../../trail/kmsActions.ts';
import { isPrincipalArn } from '../../trail/principalAccess.ts';
import { BadInput } from '../errors.ts';

/** Who asks for what: `explain --principal ARN --action ACTION`. */
export interface PrincipalQuestion {
  readonly principal: string;
  readonly action: string;
}

/** `null`: nobody in particular is asked about. Throws `BadInput` that names the option. */
export function principalQuestion(principal: string | undefined, action: string | undefined): PrincipalQuestion | null {
  if (principal === undefined) {
    if (action !== undefined) throw new BadInput('`--action` goes with `--principal`');
    return null;
  }
  if (!isPrincipalArn(principal))
    throw new BadInput(
      `\`--principal\` is \`${principal}\`, accepted is the ARN of a role, a user, a session or a root, such as \`arn:aws:iam::111122223333:role/siem\``,
    );
  if (action === undefined) return { principal, action: 'kms:Decrypt' };
  const known = KMS_ACTIONS.find((one) => one.toLowerCase() === action.toLowerCase());
  if (known === undefined)
    throw new BadInput(`\`--action\` is \`${action}\`, accepted is an action on a KMS key, such as \`kms:Decrypt\``);
  return { principal, action: known };
}
