/** The name that KMS gives the policy which AWS RAM manages. */
const RAM_POLICY = 'AWS_RAM';

/** How a statement of AWS RAM's policy, or a share that makes one, is named beside those of the key's owner. */
export const ramLabel = (label: string): string => `${RAM_POLICY} ${label}`;

export const isRamLabel = (label: string): boolean => label.startsWith(`${RAM_POLICY} `);
