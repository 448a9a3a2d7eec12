import type { DeniedBy, MissingPermission } from '../../src/trail/facts.ts';
import { readIt } from '../../src/trail/remedies.ts';
import { missingPermissionOf, remedyInWords } from '../../src/trail/remedy/remedy.ts';
import { plain } from '../../src/trail/remedy/words.ts';

const LACKS: MissingPermission = { principal: 'the role', action: 'kms:GetKeyPolicy', resource: 'key' };
const by = (policy: DeniedBy['policy'], isExplicit: boolean): DeniedBy => ({ policy, isExplicit });

describe('for a fact that could not be read', () => {
  test.each<[string, DeniedBy | undefined, MissingPermission | undefined, string]>([
    [
      'nobody knows what denied it, or who lacks what',
      undefined,
      undefined,
      'Let the rule read what it could not read',
    ],
    ['a permission is missing', undefined, LACKS, 'Let the rule read what it could not read'],
    ['no identity-based policy allows it', by('identity', false), LACKS, 'Let the rule read what it could not read'],
    ['a Deny of an identity-based policy', by('identity', true), LACKS, 'Let the rule read what it could not read'],
    ['the key policy allows it to nobody', by('resource', false), LACKS, 'Let the rule read what it could not read'],
    ['the key policy denies it', by('resource', true), LACKS, 'Deny statement that denies it'],
    ['a service control policy', by('scp', true), LACKS, 'the service control policy that denies it'],
    [
      'a service control policy, of a snapshot filled by hand',
      by('scp', true),
      undefined,
      'the service control policy',
    ],
    ['a permissions boundary', by('boundary', false), LACKS, 'permissions boundary'],
  ])('%s', (_, deniedBy, lacks, says) => {
    const remedy = readIt({
      ...{ read: false, code: 'denied', reason: 'x' },
      ...(deniedBy && { deniedBy }),
      ...(lacks && { lacks }),
    });
    expect(plain(remedyInWords(remedy))).toContain(says);
    expect(missingPermissionOf(remedy)).toEqual(lacks ?? null);
  });
});

test('another remedy waits for no permission', () => {
  expect(missingPermissionOf([[{ do: 'restore-logs' }]])).toBeNull();
});
