/** Everything that AWS Organizations is asked for, to be loaded as one file. */
export { unexpectedReason } from './expectedAccounts.ts';
export { organizationNotRead, readOrganization } from './read/organization.ts';
export { resourceControlPolicyReader } from './read/resourceControlPolicies.ts';
