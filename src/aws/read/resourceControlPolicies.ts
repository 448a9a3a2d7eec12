import {
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import {
  type ErrorMember,
  isErrorMember,
  type Member,
  type NamedPolicyMember,
  type PoliciesEntry,
} from '../../facts/members.ts';
import type { OwnCode } from '../../facts/readings.ts';
import type { Access, Home } from '../access.ts';
import { type Call, callOf } from '../errors.ts';
import { Aging, keptWith } from '../kept.ts';
import { memoize, once } from '../memo.ts';
import { required } from '../required.ts';
import { readMember, readPages } from './member.ts';
import { describeOrganization, NOT_IN_USE } from './organization.ts';

/** How long an account's policies count, in milliseconds. */
const POLICIES_AGE = 60 * 60_000;
/** AWS's own policy is attached everywhere and denies nothing. */
const FULL_ACCESS = 'p-RCPFullAWSAccess';
/** Root, five levels of organizational units and the account (AWS Organizations User Guide, "Quotas"). */
const DEEPEST = 8;

const keptPolicies = keptWith(() => new Aging<PoliciesEntry>(POLICIES_AGE));

/**
 * Reads the resource control policies of an account: those attached to it, to its organizational units and to the root.
 * They bind every account but the management account (AWS Organizations User Guide, "Resource control policies").
 *
 * Only the management account and delegated administrators may ask. What was read is kept for an hour, beyond the
 * invocation.
 */
export function resourceControlPolicyReader(home: Access, place: Home): (accountId: string) => Promise<PoliciesEntry> {
  const organizations = callsOf(home, place);
  const content = memoize(organizations.policy);
  const attached = memoize(organizations.policyIds);
  const kept = keptPolicies(home.clients);
  /** The policies of one target, each as soon as its name is known. */
  const policiesOf = async (target: string): Promise<readonly (readonly [string, NamedPolicyMember])[]> => {
    const ids = (await attached(target)).filter((id) => id !== FULL_ACCESS);
    return Promise.all(ids.map(async (id) => [id, await content(id)] as const));
  };

  const readPolicies = memoize(async (AccountId): Promise<PoliciesEntry> => {
    try {
      if (await organizations.isExempt(AccountId)) return { AccountId, Policies: [] };
      const targets: ReturnType<typeof policiesOf>[] = [];
      const ask = (target: string): void => {
        const policies = policiesOf(target);
        // It is thrown below, unless the way up ends before.
        policies.catch(() => undefined);
        targets.push(policies);
      };
      ask(AccountId);
      // Each is asked for while the unit above it is looked for.
      for await (const ancestor of organizations.ancestors(AccountId)) ask(ancestor);
      const policies = new Map((await Promise.all(targets)).flat());
      return { AccountId, Policies: [...policies.values()] };
    } catch (error) {
      if (error instanceof NotExamined) return { AccountId, Policies: error.member };
      throw error;
    }
  });

  return async (accountId) => {
    const known = kept.get(accountId);
    if (known !== undefined) return known;
    const entry = await readPolicies(accountId);
    return isErrorMember(entry.Policies) ? entry : kept.set(accountId, entry);
  };
}

/** Ends the reading of an account's policies; never leaves this file. */
class NotExamined extends Error {
  readonly member: ErrorMember;

  constructor(member: ErrorMember) {
    super(member.Error.Message ?? '');
    this.member = member;
  }
}

function examined<T>(member: Member<T>): T {
  if (isErrorMember(member)) throw new NotExamined(member);
  return member;
}

function callsOf(access: Access, { region }: Home) {
  const { session } = access;
  const client = access.clients.get(OrganizationsClient, region);
  const call = (operation: string, subject: string): Call => callOf('Organizations', operation, subject, region);
  const end = (asked: Call, code: OwnCode, why: string): never => {
    throw new NotExamined(session.notRead(asked, code, why));
  };

  // Units have many accounts, and all accounts one organization: each is asked for once.
  const organizationOf = once(() => describeOrganization(access, region));
  const parentsOf = memoize((ChildId) => {
    const asked = call('ListParents', ChildId);
    return readPages(
      access,
      asked,
      async (options, NextToken) => {
        const page = await client.send(new ListParentsCommand({ ChildId, ...(NextToken && { NextToken }) }), options);
        return { items: required(asked, page, 'Parents'), next: page.NextToken };
      },
      NO_ANSWER,
    );
  });
  const parentOf = async (ChildId: string) => {
    const asked = call('ListParents', ChildId);
    const [parent] = examined(await parentsOf(ChildId));
    if (!parent?.Id) return end(asked, 'NotTold', `Organizations names no parent of ${ChildId}`);
    return { id: parent.Id, isRoot: parent.Type === 'ROOT' };
  };

  return {
    /** Whether none can bind an account: it manages the organization, or there is no organization. */
    async isExempt(accountId: string): Promise<boolean> {
      const organization = await organizationOf();
      const alone = isErrorMember(organization) && organization.Error.Code === NOT_IN_USE;
      if (alone && accountId === session.accountId) return true;
      return examined(organization).MasterAccountId === accountId;
    },

    /** Organizational units from the inside out, and at last the root. */
    async *ancestors(accountId: string): AsyncGenerator<string> {
      let child = accountId;
      for (let depth = 0; depth < DEEPEST; depth += 1) {
        const { id, isRoot } = await parentOf(child);
        yield id;
        if (isRoot) return;
        child = id;
      }
      const why = `account ${accountId} lies deeper in its organization than AWS allows`;
      return end(call('ListParents', accountId), 'TooDeep', why);
    },

    async policyIds(TargetId: string): Promise<readonly string[]> {
      const asked = call('ListPoliciesForTarget', TargetId);
      const filter = { TargetId, Filter: 'RESOURCE_CONTROL_POLICY' } as const;
      const ids = await readPages(
        access,
        asked,
        async (options, NextToken) => {
          const command = new ListPoliciesForTargetCommand({ ...filter, ...(NextToken && { NextToken }) });
          const page = await client.send(command, options);
          const items = required(asked, page, 'Policies').map((policy) => required(asked, policy, 'Id'));
          return { items, next: page.NextToken };
        },
        NO_ANSWER,
      );
      return examined(ids);
    },

    async policy(PolicyId: string): Promise<NamedPolicyMember> {
      const asked = call('DescribePolicy', PolicyId);
      const described = await readMember(
        access,
        asked,
        (options) => client.send(new DescribePolicyCommand({ PolicyId }), options),
        (answer): NamedPolicyMember => {
          const policy = required(asked, answer, 'Policy');
          const Name = policy.PolicySummary?.Name;
          return {
            PolicySummary: { Id: PolicyId, ...(Name && { Name }) },
            Content: required(asked, policy, 'Content'),
          };
        },
        NO_ANSWER,
      );
      return examined(described);
    },
  };
}

/** The account is not in this organization, or Organizations does not know such policies here. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'AWSOrganizationsNotInUseException',
  'ChildNotFoundException',
  'InvalidInputException',
  'PolicyNotFoundException',
  'TargetNotFoundException',
  'UnsupportedAPIEndpointException',
]);
