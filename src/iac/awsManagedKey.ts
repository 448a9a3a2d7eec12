import { type KnownKey, unsettled } from './model.ts';

/** `alias/aws/s3` and its kind, as a name or as an ARN: the prefix belongs to AWS (AWS KMS Developer Guide, Aliases). */
export const isAwsManagedAlias = (reference: string): boolean =>
  /^(arn:[^:]+:kms:[^:]*:[^:]*:)?alias\/aws\//.test(reference);

/** What is true of every AWS managed key. */
export const awsManagedKey = (reference: string): KnownKey => ({
  is: 'known',
  address: null,
  reference,
  arn: null,
  metadata: {
    state: 'Enabled',
    manager: 'AWS',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    deletionDate: null,
    validTo: null,
    isMultiRegion: false,
    relatedKeys: [],
  },
  grants: [],
  shares: [],
  policy: unsettled('the policy of an AWS managed key is not in the file'),
});
