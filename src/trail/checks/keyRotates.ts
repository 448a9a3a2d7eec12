import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { kmsCommand } from '../commands.ts';
import { ROTATED } from '../controls.ts';
import { defineCheck, recorded, whenKeyExists } from '../defineCheck.ts';
import type { KeyFacts } from '../facts.ts';
import { readIt } from '../remedies.ts';

/** Automatic rotation is on. */
export const keyRotates = defineCheck(
  {
    id: 'key-rotates',
    title: 'Automatic rotation of the key is on',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'planner',
    brokenBy: ['DisableKeyRotation'],
    controls: ROTATED,
    rationale:
      'Rotation bounds how much is encrypted under one piece of key material. Old material is kept for reading.',
    remediation:
      'Run `aws kms enable-key-rotation --key-id KEY_ARN`; for a multi-Region key on the primary key. Only asked for with the rule parameter `requireKeyRotation`.',
    examples: {
      pass: 'KeyRotationEnabled is true',
      fail: 'KeyRotationEnabled is false, and `requireKeyRotation` is `true`',
    },
    sources: ['AWS KMS Developer Guide, Rotate AWS KMS keys', 'AWS KMS API Reference, GetKeyRotationStatus'],
  },
  whenKeyExists((trail, key, { requireKeyRotation }) => {
    if (!requireKeyRotation) return notApplicable('`requireKeyRotation` is not set');
    if (isUnsupported(key)) return notApplicable('KMS does not rotate this kind of key');
    if (!key.rotation.read)
      return undecided(`whether the key rotates could not be read: ${key.rotation.reason}`, readIt(key.rotation));
    const { value, capturedAt } = key.rotation;
    if (value === 'on') return recorded(pass('automatic rotation is on'), capturedAt);
    const isMultiRegion = key.metadata.read && key.metadata.value.isMultiRegion === true;
    const command = kmsCommand('enable-key-rotation', trail, key);
    return recorded(fail('automatic rotation is off', [[{ do: 'rotate-key', command, isMultiRegion }]]), capturedAt);
  }),
);

/** Imported material, custom key stores and asymmetric keys do not rotate automatically. */
function isUnsupported(key: KeyFacts): boolean {
  if (key.rotation.read && key.rotation.value === 'unsupported') return true;
  if (!key.metadata.read) return false;
  const { origin, spec } = key.metadata.value;
  return (origin !== null && origin !== 'AWS_KMS') || (spec !== null && spec !== 'SYMMETRIC_DEFAULT');
}
