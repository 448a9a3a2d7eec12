import { absent, type KeyState, matching } from '../../policy/request.ts';
import { ANY_ORGANIZATION, viaService } from '../conditionKeys/domains.ts';
import type { KeyFacts, TrailFacts } from '../facts.ts';
import { withAwsStar } from './awsStar.ts';

/** What an answer says of a request: what it carries, or how a policy is to be read. */
export interface Assumed {
  readonly context?: Readonly<Record<string, KeyState>>;
  readonly document?: (policy: unknown) => unknown;
}

/** What a request is known to be about; `trail`: `null` where it does not tell for which one it is made. */
interface AskedFor {
  readonly trail: TrailFacts | null;
  readonly keyArn: string;
  readonly key: KeyFacts;
}

interface PossibleAnswer {
  readonly answer: string;
  /** The answer as a sentence. */
  readonly says: string;
  /** Of a question that policies settle; `null`: this request cannot tell. */
  readonly assume?: (asked: AskedFor) => Assumed | null;
}

/** A question that no documentation answers, and how an account's own records may. */
export interface OpenQuestion {
  /** Permanent: it stands in records that people send. */
  readonly id: string;
  readonly question: string;
  /**
   * - `policy`: CloudTrail's requests are evaluated by the policy of their key under each answer; one that came to something
   *   else than CloudTrail recorded is ruled out.
   * - `probe`: the path in CloudTrail's request beside a CreateTrail or UpdateTrail.
   * - `recorded`: what AWS Config has recorded of trails that CloudTrail shows.
   */
  readonly settledBy: 'policy' | 'probe' | 'recorded';
  readonly answers: readonly PossibleAnswer[];
}

/** Whether CloudTrail's requests carry a condition key. */
function carries(id: string, name: string, values: (asked: AskedFor) => KeyState | null): OpenQuestion {
  return {
    id,
    question: `Do CloudTrail's requests to KMS carry \`${name}\`?`,
    settledBy: 'policy',
    answers: [
      {
        answer: 'carried',
        says: `they carry \`${name}\``,
        assume: (asked) => {
          const value = values(asked);
          return value === null ? null : { context: { [name]: value } };
        },
      },
      {
        answer: 'absent',
        says: `they do not carry \`${name}\``,
        assume: (asked) => (values(asked) === null ? null : { context: { [name]: absent } }),
      },
    ],
  };
}

/** What an organization gives; `null`: the trail's account is in none, so that nothing can be carried. */
const ofOrganization =
  (rest: string) =>
  ({ trail }: AskedFor): KeyState | null => {
    if (trail === null || !trail.organizationId.read) return matching(`${ANY_ORGANIZATION}${rest}`);
    const { value } = trail.organizationId;
    return value === null ? null : matching(`${value}${rest}`);
  };

const accountId = (): KeyState => matching('############');

function service({ keyArn }: AskedFor): KeyState | null {
  const state = viaService(keyArn);
  return state?.is === 'constrained' ? { ...state, orAbsent: false } : null;
}

/** Every open question that an account's own records may settle, in the order in which they are told. */
export const OPEN_QUESTIONS: readonly OpenQuestion[] = [
  carries('source-org-id', 'aws:SourceOrgID', ofOrganization('')),
  carries('source-org-paths', 'aws:SourceOrgPaths', ofOrganization('/**')),
  carries('via-service', 'kms:ViaService', service),
  carries('caller-account', 'kms:CallerAccount', accountId),
  carries('principal-account', 'aws:PrincipalAccount', accountId),
  {
    id: 'aws-star',
    question: 'Does `{"AWS": "*"}` in a key policy cover a service, as `"*"` does?',
    settledBy: 'policy',
    answers: [
      { answer: 'covers', says: 'it covers a service', assume: () => ({ document: withAwsStar('everybody') }) },
      { answer: 'covers-not', says: 'it covers no service', assume: () => ({ document: withAwsStar('nobody') }) },
    ],
  },
  {
    id: 'probe-path',
    question: 'Which `aws:s3:arn` does the probe carry, when a trail is created or updated?',
    settledBy: 'probe',
    answers: [
      { answer: 'folder', says: "it carries the folder of the account's logs" },
      { answer: 'file', says: 'it carries the path of a file' },
    ],
  },
  {
    id: 'replicas-recorded',
    question: 'Does AWS Config record a trail in its shadow Regions?',
    settledBy: 'recorded',
    answers: [
      { answer: 'recorded', says: 'it records the trail there as well' },
      { answer: 'not-recorded', says: 'it records the trail in its home Region alone' },
    ],
  },
  {
    id: 'organization-trails-recorded',
    question: 'Does AWS Config record an organization trail in member accounts?',
    settledBy: 'recorded',
    answers: [
      { answer: 'recorded', says: 'it records the trail there as well' },
      { answer: 'not-recorded', says: 'it does not record the trail there' },
    ],
  },
];
