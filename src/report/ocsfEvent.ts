import type { ReportAbout, TrailReport } from './report.ts';
import { observedAt } from './subject.ts';

/**
 * The version of the Open Cybersecurity Schema Framework that the events follow, which AWS's own findings do too. What is
 * used is in later ones as well.
 */
const OCSF_VERSION = '1.6.0';

/** What tells an event from the others. */
interface EventParts {
  /** The check, or `coverage`. */
  readonly code: string;
  readonly uid: string;
  readonly title: string;
  readonly message: string;
  readonly desc: string;
  readonly state: { readonly severity_id: number; readonly status_id: number };
  readonly cloud: object;
  readonly compliance: object;
  readonly remediation?: object;
  readonly resources: readonly object[];
  readonly unmapped: object;
}

export const NEW = { status_id: 1, status: 'New' } as const;
export const RESOLVED = { status_id: 4, status: 'Resolved' } as const;

/** A Compliance Finding: at the time of the facts, processed when they were evaluated. */
export function ocsfEvent(
  about: ReportAbout,
  { code, uid, title, message, desc, state, cloud: where, ...rest }: EventParts,
) {
  const time = observedAt(about).getTime();
  return {
    class_uid: 2003,
    class_name: 'Compliance Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: 1,
    activity_name: 'Create',
    type_uid: 200301,
    type_name: 'Compliance Finding: Create',
    time,
    ...state,
    message,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: { name: 'cloudtrail-kms-rule', vendor_name: 'cloudtrail-kms-rule', version: about.tool.version },
      event_code: code,
      processed_time: Date.parse(about.evaluatedAt),
    },
    cloud: where,
    finding_info: { uid, title, desc, types: [code], created_time: time },
    ...rest,
  };
}

/** Where a trail or a place lies. */
export const cloud = (
  { accountId, accountName, region }: Pick<TrailReport, 'accountId' | 'accountName' | 'region'>,
  partition?: string,
) => ({
  provider: 'AWS',
  ...(partition === undefined ? {} : { cloud_partition: partition }),
  ...(region === null ? {} : { region }),
  ...(accountId === null
    ? {}
    : {
        account: {
          uid: accountId,
          ...(accountName === null ? {} : { name: accountName }),
          type: 'AWS Account',
          type_id: 10,
        },
      }),
});
