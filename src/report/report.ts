import type { ComplianceType, Evaluation, Standing } from '../rule/evaluate/evaluation.ts';
import type { Exception } from '../rule/exceptions/exception.ts';
import type { ExceptionState } from '../rule/exceptions/exceptions.ts';
import type { Control } from '../trail/controls.ts';
import type { RequestExplanation } from '../trail/explainTrail.ts';
import type { KeyFacts, MissingPermission, Reading } from '../trail/facts.ts';
import type { Finding } from '../trail/finding.ts';
import type { OwnerKind } from '../trail/owner.ts';
import type { Words } from '../trail/remedy/words.ts';
import type { Coverage } from './coverage.ts';

/** What a report tells of itself, whatever trails it holds. */
export interface ReportAbout {
  readonly tool: { readonly name: 'cloudtrail-kms-rule'; readonly version: string };
  /** ISO 8601. */
  readonly evaluatedAt: string;
  /** When what was evaluated was read, ISO 8601; `null`: nobody says. */
  readonly factsAt: string | null;
  /** The rule parameters in effect, as they would be given; `null`: none. */
  readonly parameters: Readonly<Record<string, string | null>>;
  /** `null`: nobody knows. */
  readonly coverage: Coverage | null;
}

/** The JSON report: what every command that evaluates trails prints, and what every other format is made from. */
export interface Report extends ReportAbout {
  readonly version: 1;
  /** Trails by what AWS Config would be told of them. */
  readonly summary: Readonly<Record<ComplianceType, number>>;
  readonly standings: Readonly<Record<Standing, number>>;
  readonly trails: readonly TrailReport[];
  /** `check` only: keys for CloudTrail that no given trail uses; `trailArn` is `null`, and `summary` counts none of them. */
  readonly keys?: readonly TrailReport[];
  /** Event data stores, where somebody asked for them or a file declares some; `trailArn` is `null`, and `summary` counts none of them. */
  readonly eventDataStores?: readonly TrailReport[];
  /** The exceptions that were given, and what has become of each. */
  readonly exceptions?: readonly ReportedException[];
  /** With an event: what the Lambda would send, in PutEvaluations' own shape. */
  readonly evaluations?: readonly Evaluation[];
  /** With a baseline: what has changed since. */
  readonly changes?: BaselineChanges;
}

export type BaselineChange = 'new' | 'fixed' | 'unchanged';

/** How many trails there are of each change. */
export interface BaselineChanges extends Readonly<Record<BaselineChange, number>> {
  /** The time of the baseline's facts; `null`: it does not say. */
  readonly since: string | null;
  /** Trails of the baseline that are not there any more. */
  readonly gone: readonly string[];
}

export interface ReportedException extends Exception {
  readonly state: ExceptionState;
  /** `check` only: the file whose resource carries it; left out where it is of the exceptions document. */
  readonly file?: string;
}

export interface TrailReport {
  readonly trailArn: string | null;
  /** Of an event data store alone; `null` where the file does not settle it. */
  readonly eventDataStoreArn?: string | null;
  readonly accountId: string | null;
  /** `null`: not known. */
  readonly accountName: string | null;
  readonly region: string | null;
  /** `null` without a key. */
  readonly kmsKeyArn: string | null;
  /** SHA-256, in hexadecimal digits, of the key policy as JSON without spaces; `null`: no policy was read. */
  readonly policySha256: string | null;
  /** Who deploys the trail or its key, and so changes them; `null`: nobody that is known. */
  readonly owner: OwnerKind | null;
  /** With a baseline; `new`: it fails in a way in which it did not fail before. */
  readonly change?: BaselineChange;
  /** What AWS Config is told. */
  readonly complianceType: ComplianceType;
  readonly standing: Standing;
  /** Empty when there is nothing to say. */
  readonly annotation: string;
  readonly findings: readonly ReportFinding[];
  /** What the open findings speak to; where those speak to none, what all of them speak to. */
  readonly controls: readonly Control[];
  /** `check` only: logical id (CloudFormation) or resource address (Terraform); of a deployed event data store its ARN. */
  readonly address?: string;
  /** `check` only: `aws:cdk:path`, what the author of a CDK app calls it; `null` without one. */
  readonly cdkPath?: string | null;
  /** `check` only: the key's logical id or resource address; `null` where the file does not settle which key it is. */
  readonly keyAddress?: string | null;
  readonly keyCdkPath?: string | null;
  /** `check` only. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number };
}

/** A finding with its remedy in words. */
export interface ReportFinding extends Omit<Finding, 'remedy'> {
  /** What to do about it; empty unless the status is `fail` or `unknown`. */
  readonly remediation: string;
  /** What whoever reads was not allowed, where that alone keeps an unknown finding open. */
  readonly missingPermission?: MissingPermission;
  /** The same with the code in it set apart, for formats that show more; JSON leaves functions out. */
  readonly remedyWords?: () => Words;
}

/**
 * A trail of a report, with what else is known of it for the formats that show more.
 *
 * The rest is behind a function: nothing is worked out unasked, and JSON leaves functions out, so that the JSON report
 * stays what it is.
 */
export interface ReportedTrail extends TrailReport {
  readonly explain?: () => TrailBackground;
}

/** What stands behind a verdict. */
export interface TrailBackground {
  /** `null` when the trail names no key. */
  readonly key: KeyFacts | null;
  /** `null` when the trail names no key. */
  readonly requests: Reading<readonly RequestExplanation[]> | null;
}
