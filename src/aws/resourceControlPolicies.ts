import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type KeyPolicyParse, parseKeyPolicy } from '../policy/parse.ts';
import { type Reading, read, type Unread, unread } from '../trail/facts.ts';
import type { Access, Home } from './access.ts';
import type { Call, Refusal } from './errors.ts';
import { Aging, keptWith } from './kept.ts';
import { memoize } from './memo.ts';
import { required } from './required.ts';
import { type Answer, collectPages } from './session.ts';

/** How long an account's policies count, in milliseconds. */
const POLICIES_AGE = 60 * 60_000;
/** AWS's own policy is attached everywhere and denies nothing. */
const FULL_ACCESS = 'p-RCPFullAWSAccess';
/** Root, five levels of organizational units and the account (AWS Organizations User Guide, "Quotas"). */
const DEEPEST = 8;

const keptPolicies = keptWith(() => new Aging<Reading<readonly KeyPolicyParse[]>>(POLICIES_AGE));

/**
 * Reads the resource control policies of an account: those attached to it, to its organizational units and to the root.
 * They bind every account but the management account (AWS Organizations User Guide, "Resource control policies").
 *
 * Only the management account and delegated administrators may ask; for others the answer is unread. What was read is
 * kept for an hour, beyond the invocation.
 */
export function resourceControlPolicyReader(
  home: Access,
  place: Home,
): (accountId: string) => Promise<Reading<readonly KeyPolicyParse[]>> {
  const organizations = callsOf(home, place);
  const content = memoize(organizations.policy);
  const attached = memoize(organizations.policyIds);
  const kept = keptPolicies(home.clients);

  const readPolicies = memoize(async (accountId): Promise<Reading<readonly KeyPolicyParse[]>> => {
    try {
      if (await organizations.isExempt(accountId)) return read([]);
      const targets = [accountId, ...(await organizations.ancestors(accountId))];
      const ids = new Set((await Promise.all(targets.map(attached))).flat());
      ids.delete(FULL_ACCESS);
      return read((await Promise.all([...ids].map(content))).map((text) => parseKeyPolicy(text)));
    } catch (error) {
      if (error instanceof NotExamined) return error.reason;
      throw error;
    }
  });

  return async (accountId) => {
    const known = kept.get(accountId);
    if (known !== undefined) return known;
    const policies = await readPolicies(accountId);
    return policies.read ? kept.set(accountId, policies) : policies;
  };
}

/** Ends the reading of an account's policies; never leaves this file. */
class NotExamined extends Error {
  readonly reason: Unread;

  constructor(reason: Unread) {
    super(reason.reason);
    this.reason = reason;
  }
}

function callsOf({ session, clients }: Access, place: Home) {
  const client = clients.get(OrganizationsClient, place.region);
  const call = (operation: string, subject: string): Call => ({
    service: 'Organizations',
    operation,
    permission: `organizations:${operation}`,
    subject,
    region: place.region,
  });
  const demand = <T>(asked: Call, answer: Answer<T>): T => {
    if (answer.ok) return answer.output;
    throw new NotExamined(reasonOf(asked, answer.refusal));
  };
  const reasonOf = (asked: Call, refusal: Refusal): Unread => {
    if (NO_ANSWER.has(refusal.code))
      return unread('failed', `Organizations ${asked.operation} for ${asked.subject} answered ${refusal.code}`);
    const denied = session.unreadOrThrow(asked, refusal);
    const shown = 'they are shown to the management account and to delegated administrators only';
    return { ...denied, reason: `${denied.reason}; ${shown}` };
  };

  const parentsOf = (ChildId: string) => {
    const asked = call('ListParents', ChildId);
    return collectPages(asked, async (NextToken) => {
      const answer = await session.ask(asked, (options) =>
        client.send(new ListParentsCommand({ ChildId, ...(NextToken && { NextToken }) }), options),
      );
      const page = demand(asked, answer);
      return { items: required(asked, page, 'Parents'), next: page.NextToken };
    });
  };

  return {
    /** Whether none can bind an account: it manages the organization, or there is no organization. */
    async isExempt(accountId: string): Promise<boolean> {
      const asked = call('DescribeOrganization', `account ${session.accountId}`);
      const answer = await session.ask(asked, (options) => client.send(new DescribeOrganizationCommand({}), options));
      const alone = !answer.ok && answer.refusal.code === 'AWSOrganizationsNotInUseException';
      if (alone && accountId === session.accountId) return true;
      return required(asked, demand(asked, answer), 'Organization').MasterAccountId === accountId;
    },

    /** Organizational units from the inside out, and at last the root. */
    async ancestors(accountId: string): Promise<readonly string[]> {
      const found: string[] = [];
      let ChildId = accountId;
      while (found.length < DEEPEST) {
        const [parent] = await parentsOf(ChildId);
        if (!parent?.Id) throw new NotExamined(unread('not-told', `Organizations names no parent of ${ChildId}`));
        found.push(parent.Id);
        if (parent.Type === 'ROOT') return found;
        ChildId = parent.Id;
      }
      throw new NotExamined(unread('invalid', `account ${accountId} lies deeper in its organization than AWS allows`));
    },

    async policyIds(TargetId: string): Promise<readonly string[]> {
      const asked = call('ListPoliciesForTarget', TargetId);
      return collectPages(asked, async (NextToken) => {
        const answer = await session.ask(asked, (options) =>
          client.send(
            new ListPoliciesForTargetCommand({
              TargetId,
              Filter: 'RESOURCE_CONTROL_POLICY',
              ...(NextToken && { NextToken }),
            }),
            options,
          ),
        );
        const page = demand(asked, answer);
        const items = required(asked, page, 'Policies').map((policy) => required(asked, policy, 'Id'));
        return { items, next: page.NextToken };
      });
    },

    async policy(PolicyId: string): Promise<string> {
      const asked = call('DescribePolicy', PolicyId);
      const answer = await session.ask(asked, (options) =>
        client.send(new DescribePolicyCommand({ PolicyId }), options),
      );
      return required(asked, required(asked, demand(asked, answer), 'Policy'), 'Content');
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
