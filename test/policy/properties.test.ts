import fc from 'fast-check';
import { answerLine } from '../../src/cli/simulate/answer.ts';
import { authorize } from '../../src/policy/authorize.ts';
import type { Decision } from '../../src/policy/decision.ts';
import { explain } from '../../src/policy/explain.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../src/policy/parse.ts';
import type { AccessRequest } from '../../src/policy/request.ts';
import { runs } from '../runs.ts';
import {
  anyHidden,
  anyPolicy,
  anyStatement,
  anyWho,
  anyWorld,
  heldBy,
  KEYS,
  policyWithVariables,
  requestIn,
  SERVICE,
  stateOf,
} from './arbitraries.ts';
import { type PolicyDocument, referenceAnswer, type StatementDocument, type Value } from './reference.ts';

function parse(document: unknown): KeyPolicy {
  const parsed = parseKeyPolicy(document);
  if (!parsed.valid) throw new Error(parsed.error);
  return parsed.policy;
}

const decide = (document: PolicyDocument, request: AccessRequest): Decision => authorize(parse(document), request);

const VARIABLE = `$\{a:k}`;

const RUNS = 2_000;

/** A law with the number of runs in its name. */
function law<T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  holds: (...values: T) => void,
  numRuns = runs(RUNS),
): void {
  test(`${name} (${numRuns} runs)`, () => {
    fc.assert(fc.property<T>(...arbitraries, holds), { numRuns });
  });
}

const withStatement = (policy: PolicyDocument, more: StatementDocument): PolicyDocument => ({
  ...policy,
  Statement: [...policy.Statement, more],
});

const named = (answer: string): string => (answer === 'open' ? 'unknown' : answer);

describe('in one world', () => {
  law(
    'the engine agrees with a naive reading of the policy language',
    [policyWithVariables, anyWho, anyWorld],
    (policy, who, world) => {
      const { outcome, reason } = decide(policy, requestIn(who, world));
      expect(outcome).toBe(named(referenceAnswer(policy, who, world)));
      expect(reason !== null).toBe(outcome === 'unknown');
    },
    runs(6_000),
  );

  law(
    'explain applies exactly the statements that authorize applies',
    [policyWithVariables, anyWho, anyWorld],
    (policy, who, world) => {
      const request = requestIn(who, world);
      const { outcome, statements } = decide(policy, request);
      const applying = explain(parse(policy), request).filter(({ applies }) => applies === 'yes');
      const denying = applying.filter(({ effect }) => effect === 'Deny');
      if (outcome === 'denied') expect(denying.map(({ statement }) => statement)).toEqual([...statements].sort());
      else expect(denying).toEqual([]);
      if (outcome === 'allowed' || outcome === 'delegated')
        expect(applying.map(({ statement }) => statement)).toEqual(expect.arrayContaining([...statements]));
    },
  );
});

describe('with keys that are not known', () => {
  law(
    'a definite answer holds in every sampled world',
    [policyWithVariables, anyWho, anyWorld, anyHidden, fc.array(anyWorld, { minLength: 8, maxLength: 8 })],
    (policy, who, known, hidden, worlds) => {
      const { outcome } = decide(policy, requestIn(who, known, hidden));
      if (outcome === 'unknown') return;
      for (const world of worlds) {
        const values = hidden.map((key): [string, Value] => [key, world[key] ?? null]);
        expect(referenceAnswer(policy, who, { ...known, ...Object.fromEntries(values) })).toBe(outcome);
      }
    },
    runs(3_000),
  );

  law(
    'the two witnesses of an unknown answer really differ, in hidden keys alone',
    [policyWithVariables, anyWho, anyWorld, anyHidden],
    (policy, who, known, hidden) => {
      const { outcome, witnesses, reason, dependsOn } = decide(policy, requestIn(who, known, hidden));
      if (outcome !== 'unknown') return;
      const answerAt = (world: Readonly<Record<string, Value>>): string => {
        const rest = Object.fromEntries(hidden.map((key): [string, Value] => [key, null]));
        return referenceAnswer(policy, who, { ...known, ...rest, ...world });
      };
      const { allowed = null, denied = null } = witnesses ?? {};
      if (allowed !== null) expect(['allowed', 'delegated']).toContain(answerAt(allowed));
      if (denied !== null) expect(answerAt(denied)).toBe('denied');
      expect((allowed !== null && denied !== null) !== (reason !== null)).toBe(true);
      const hiddenKeys: readonly string[] = hidden;
      expect(dependsOn.filter((key) => !hiddenKeys.includes(key.toLowerCase()))).toEqual([]);
      if (reason === null) expect(dependsOn).not.toEqual([]);
    },
    runs(6_000),
  );

  law(
    'without variables and open questions the answer is definite or has two witnesses',
    [anyPolicy, anyWho, anyWorld, anyHidden],
    (policy, who, known, hidden) => {
      const { reason } = decide(policy, requestIn(who, known, hidden));
      if (reason === null) return;
      expect(reason).toMatch(/not documented|may deny the principal too|itself allows in some|has several values/);
    },
    runs(6_000),
  );

  law(
    'explain never contradicts authorize',
    [policyWithVariables, anyWho, anyWorld, anyHidden],
    (policy, who, known, hidden) => {
      const request = requestIn(who, known, hidden);
      const { outcome } = decide(policy, request);
      const explained = explain(parse(policy), request);
      const some = (effect: string, applies: readonly string[]): boolean =>
        explained.some((one) => one.effect === effect && applies.includes(one.applies));
      if (some('Deny', ['yes'])) expect(outcome).toBe('denied');
      if (!some('Allow', ['yes', 'unknown'])) expect(outcome).toBe('denied');
      if (some('Allow', ['yes']) && !some('Deny', ['yes', 'unknown'])) expect(outcome).not.toBe('denied');
    },
  );
});

describe('laws', () => {
  law(
    'adding a Deny never allows more',
    [anyPolicy, anyStatement, anyWho, anyWorld, anyHidden],
    (policy, more, who, known, hidden) => {
      const request = requestIn(who, known, hidden);
      const before = decide(policy, request).outcome;
      const after = decide(withStatement(policy, { ...more, Effect: 'Deny' }), request).outcome;
      if (before === 'denied') expect(after).toBe('denied');
      if (after === 'allowed' || after === 'delegated') expect(before).toBe(after);
    },
  );

  law(
    'adding an Allow never denies more',
    [anyPolicy, anyStatement, anyWho, anyWorld, anyHidden],
    (policy, more, who, known, hidden) => {
      const request = requestIn(who, known, hidden);
      const before = decide(policy, request).outcome;
      const after = decide(withStatement(policy, { ...more, Effect: 'Allow' }), request).outcome;
      if (before === 'allowed') expect(after).toBe('allowed');
      if (after === 'denied') expect(before).toBe('denied');
    },
  );

  law(
    'a resource control policy only takes away, and only with its Deny statements',
    [anyPolicy, anyPolicy, anyWho, anyWorld, anyHidden],
    (policy, control, who, known, hidden) => {
      const request = requestIn(who, known, hidden);
      const denies = control.Statement.filter(({ Effect }) => Effect === 'Deny');
      const together = { ...policy, Version: control.Version, Statement: [...policy.Statement, ...denies] };
      const { outcome } = authorize(parse(policy), request, [parse(control)]);
      expect(outcome).toBe(decide(together as PolicyDocument, request).outcome);
    },
  );

  law(
    'the order of statements and their Sids change nothing',
    [
      policyWithVariables.chain((policy) =>
        fc.tuple(
          fc.constant(policy),
          fc.shuffledSubarray([...policy.Statement], { minLength: policy.Statement.length }),
        ),
      ),
      anyWho,
      anyWorld,
      fc.subarray([...KEYS]),
    ],
    ([policy, shuffled], who, known, hidden) => {
      const request = requestIn(who, known, hidden);
      const renamed = { ...policy, Statement: shuffled.map((one, index) => ({ ...one, Sid: `S${index}` })) };
      const [before, after] = [decide(policy, request), decide(renamed, request)];
      expect(after.outcome).toBe(before.outcome);
      if (hidden.length > 0) return;
      const original = (label: string): string =>
        `#${policy.Statement.indexOf(shuffled[Number(label.slice(1))] as never)}`;
      expect(after.statements.map(original).sort()).toEqual([...before.statements].sort());
    },
  );

  const pinned = fc
    .constantFrom('text:one', 'arn:source')
    .chain((key) =>
      fc.tuple(fc.constant(key), heldBy(key).filter((value) => typeof value === 'string') as fc.Arbitrary<string>),
    );

  law(
    'a known key gives the same answer as an unknown key pinned by an equality',
    [anyPolicy, pinned, anyWorld, anyHidden],
    (policy, [key, value], world, hidden) => {
      const who = {
        principal: { service: SERVICE },
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
      };
      const others = hidden.filter((one) => one !== key);
      const { outcome } = decide(policy, requestIn(who, { ...world, [key]: value }, others));
      const open = requestIn(who, world, [...others, key]);
      const pin = (more: PolicyDocument['Statement'][number][]): PolicyDocument => ({
        ...policy,
        Statement: [
          ...policy.Statement.flatMap((one) => {
            const { StringEquals = {}, ...rest } = one.Condition ?? {};
            // A second equality on the same key would replace the first; where both cannot hold, the statement cannot.
            if (StringEquals[key]?.includes(value) === false) return [];
            return [{ ...one, Condition: { ...rest, StringEquals: { ...StringEquals, [key]: [value] } } }];
          }),
          ...more,
        ],
      });
      const elsewhere: StatementDocument = {
        Effect: 'Allow',
        Principal: '*',
        Action: ['*'],
        Resource: ['*'],
        Condition: { StringNotEquals: { [key]: [value] } },
      };
      const deniedElsewhere = decide(pin([]), open).outcome;
      const allowedElsewhere = decide(pin([elsewhere]), open).outcome;
      expect([outcome, deniedElsewhere === 'denied', allowedElsewhere === 'allowed']).toEqual([
        outcome,
        outcome === 'denied',
        outcome === 'allowed',
      ]);
    },
  );

  law(
    'a known key gives the same answer as a key constrained to that value',
    [anyPolicy, pinned, anyWho, anyWorld, anyHidden],
    (policy, [key, value], who, world, hidden) => {
      const request = requestIn(who, world, hidden);
      const state = { is: 'constrained', matching: [value], outside: [], orAbsent: false } as const;
      const known = decide(policy, { ...request, context: { ...request.context, [key]: stateOf(value) } });
      const constrained = decide(policy, { ...request, context: { ...request.context, [key]: state } });
      expect(constrained.outcome).toBe(known.outcome);
    },
  );
});

type DomainOf = typeof domain extends fc.Arbitrary<infer T> ? T : never;

/** What a key may hold: some texts, or any; perhaps nothing. */
const domain = fc.record({
  matching: fc.subarray(['a', 'b', 'ab', 'Ab', 'a*', '*b', '?'], { minLength: 1 }),
  outside: fc.subarray(['aa', 'bb', 'abb', 'A']),
  orAbsent: fc.boolean(),
});

describe('domains', () => {
  const narrower = domain.chain((wide) =>
    fc.tuple(
      fc.constant(wide),
      fc.record({
        matching: fc.subarray(wide.matching, { minLength: 1 }),
        outside: fc.constantFrom(wide.outside, [...wide.outside, 'aab']),
        orAbsent: fc.constantFrom(false, wide.orAbsent),
      }),
    ),
  );
  const withDomain = (request: AccessRequest, state: DomainOf): AccessRequest => ({
    ...request,
    context: { ...request.context, 'text:one': { is: 'constrained', ...state } },
  });

  law(
    'narrowing a domain never adds an answer',
    [policyWithVariables, anyWho, anyWorld, anyHidden, narrower],
    (policy, who, known, hidden, [wide, narrow]) => {
      const request = requestIn(who, known, hidden);
      const before = decide(policy, withDomain(request, wide));
      const after = decide(policy, withDomain(request, narrow));
      if (before.outcome !== 'unknown') expect(after.outcome).toBe(before.outcome);
      // Whatever world the narrow domain shows is one of the wide one's.
      else if (after.outcome === 'unknown' && after.reason === null) expect(before.witnesses).not.toBeNull();
    },
    runs(6_000),
  );

  law(
    'a witness lies in its domain',
    [policyWithVariables, anyWho, anyWorld, anyHidden, domain],
    (policy, who, known, hidden, state) => {
      const { witnesses } = decide(policy, withDomain(requestIn(who, known, hidden), state));
      const shapes = state.matching.map(
        (text) => new RegExp(`^${text.replaceAll(/[*?]/g, (one) => (one === '*' ? '[^*?:/]*' : '[^*?:/]'))}$`),
      );
      for (const world of [witnesses?.allowed, witnesses?.denied]) {
        const value = Object.entries(world ?? {}).find(([key]) => key.toLowerCase() === 'text:one')?.[1];
        if (value === undefined) continue;
        const isIn = (text: string): boolean =>
          shapes.some((shape) => shape.test(text)) && !state.outside.includes(text);
        expect(value === null ? state.orAbsent : isIn(String(value))).toBe(true);
      }
    },
    runs(6_000),
  );

  law(
    'a domain answers as a key that is not known, or more',
    [policyWithVariables, anyWho, anyWorld, anyHidden, domain],
    (policy, who, known, hidden, state) => {
      const others = hidden.filter((key) => key !== 'text:one');
      const open = decide(policy, requestIn(who, known, [...others, 'text:one']));
      const { outcome } = decide(policy, withDomain(requestIn(who, known, others), state));
      if (open.outcome !== 'unknown') expect(outcome).toBe(open.outcome);
    },
    runs(3_000),
  );
});

describe('witnesses', () => {
  law(
    'each witness, plugged back with no key left unknown, is answered as it says',
    [policyWithVariables, anyWho, anyWorld, anyHidden],
    (policy, who, known, hidden) => {
      const { outcome, witnesses } = decide(policy, requestIn(who, known, hidden));
      if (outcome !== 'unknown' || witnesses === null) return;
      const none = Object.fromEntries(hidden.map((key): [string, Value] => [key, null]));
      const answerIn = (world: Readonly<Record<string, Value>>): string => {
        const spelled = Object.fromEntries(Object.entries(world).map(([key, value]) => [key.toLowerCase(), value]));
        return decide(policy, requestIn(who, { ...known, ...none, ...spelled })).outcome;
      };
      if (witnesses.allowed !== null) expect(['allowed', 'delegated']).toContain(answerIn(witnesses.allowed));
      if (witnesses.denied !== null) expect(answerIn(witnesses.denied)).toBe('denied');
    },
    runs(100_000, 1 / 100),
  );
});

describe('anything at all', () => {
  const who = {
    principal: { service: SERVICE },
    action: 'kms:Decrypt',
    resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
  };
  const request: AccessRequest = { ...who, context: {}, otherKeys: 'unknown' };

  const survives = (input: unknown): void => {
    const parsed = parseKeyPolicy(input);
    if (!parsed.valid) {
      expect(parsed.error).toMatch(/\S/);
      return;
    }
    const { outcome, reason, witnesses } = authorize(parsed.policy, request);
    expect(['allowed', 'denied', 'unknown']).toContain(outcome);
    if (outcome === 'unknown') expect(reason !== null || witnesses !== null).toBe(true);
    expect(explain(parsed.policy, request)).toHaveLength(parsed.policy.statements.length);
  };

  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('*', '$\u007b', VARIABLE, 'arn:::::*', '::/0', '1e999', '', 'true', '__proto__', 'constructor'),
  );
  const operator = fc.constantFrom(
    'StringLike',
    'ArnLike',
    'NumericLessThan',
    'DateEquals',
    'IpAddress',
    'Bool',
    'Null',
    'ForAnyValue:Bool',
    'X',
    '__proto__',
  );
  const member = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | fc.JsonValue> =>
    fc.oneof({ weight: 5, arbitrary: value as fc.Arbitrary<T | fc.JsonValue> }, { weight: 1, arbitrary: junk });
  const almostPolicy = fc.record({
    Version: member(fc.constantFrom('2012-10-17', '2008-10-17')),
    Statement: fc.array(
      fc.record(
        {
          Sid: member(fc.string()),
          Effect: fc.constantFrom('Allow', 'Deny'),
          Principal: member(fc.oneof(fc.constant('*'), fc.dictionary(fc.constantFrom('AWS', 'Service', 'X'), junk))),
          NotPrincipal: junk,
          Action: member(fc.constantFrom('*', 'kms:*')),
          Resource: member(fc.constantFrom('*', VARIABLE)),
          Condition: member(
            fc.dictionary(operator, member(fc.dictionary(fc.constantFrom('k', 'K', 'l', '__proto__'), junk))),
          ),
        },
        { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
      ),
      { maxLength: 4 },
    ),
  });

  law('JSON of any shape is refused or evaluated', [fc.jsonValue()], survives);
  law('text of any kind is refused or evaluated', [fc.string()], survives);
  law('what is almost a policy is refused or evaluated', [almostPolicy], survives);
  law(
    'a policy means the same as text and as a document',
    [almostPolicy],
    (document) => {
      const read = parseKeyPolicy(document);
      const text = parseKeyPolicy(JSON.stringify(document));
      const shown = (one: typeof read): unknown => (one.valid ? [one.policy.statements, one.policy.issues] : one.error);
      expect(shown(text)).toEqual(shown(read));
    },
    runs(1_000),
  );
  law('a policy that is cut off is refused', [anyPolicy, fc.nat()], (policy, at) => {
    const text = JSON.stringify(policy);
    expect(parseKeyPolicy(text.slice(0, at % text.length)).valid).toBe(false);
  });
  law(
    'simulate answers every line with one decision',
    [
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .record({ id: fc.jsonValue(), policy: fc.oneof(almostPolicy, fc.jsonValue()), request: fc.jsonValue() })
          .map((line) => JSON.stringify(line)),
      ),
    ],
    (line) => {
      const answer = JSON.parse(answerLine(line)) as Record<string, unknown>;
      expect(answer).toMatchObject({ decision: 'invalid', error: expect.stringMatching(/\S/) });
    },
  );
});
