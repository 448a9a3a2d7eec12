import { stringify } from 'yaml';
import type { RepairPlan, StatementEdit } from '../../trail/repair/plan.ts';

/** The changed and added statements, and the properties of key and trail that the other edits set, for a YAML template. */
export function cloudFormation({ work, edits, keyArn }: RepairPlan): string {
  const changes = new Set(edits.map(({ change }) => change));
  const policyEdits = work?.policyEdits ?? [];
  const statements = policyEdits.flatMap(({ statement }) => statement ?? []);
  const key = {
    ...(changes.has('key-enabled') ? { Enabled: true } : {}),
    ...(changes.has('rotation-enabled') ? { EnableKeyRotation: true } : {}),
    ...(statements.length === 0 ? {} : { KeyPolicy: { Statement: statements } }),
  };
  const parts = policyEdits.flatMap(({ statement, label }) =>
    statement === null ? [`# statement ${JSON.stringify(label)} of the key policy is taken out`] : [],
  );
  if (Object.keys(key).length > 0)
    parts.push(
      '# Properties of AWS::KMS::Key; statements replace those with the same Sid, the others stay',
      ...policyEdits.filter(({ statement }) => statement !== null).flatMap(withoutSid),
      yaml(key),
    );
  if (changes.has('trail-key-set')) parts.push('# Properties of AWS::CloudTrail::Trail', yaml({ KMSKeyId: keyArn }));
  return parts.join('\n');
}

/** Which statement one takes the place of that has no Sid to tell it by. */
const withoutSid = ({ index, label, statement }: StatementEdit, position: number): readonly string[] =>
  index === null || (statement?.Sid !== undefined && statement.Sid !== '')
    ? []
    : [`# the statement at ${position}, without a Sid, takes the place of ${label}, counted from 0`];

/** CloudFormation reads YAML 1.1, and takes no aliases (CloudFormation User Guide, CloudFormation template formats). */
const yaml = (value: unknown): string =>
  stringify(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false }).trimEnd();
