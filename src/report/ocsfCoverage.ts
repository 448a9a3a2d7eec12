import { outcomeOf, summarizeCoverage } from './coverage.ts';
import { cloud, NEW, ocsfEvent, RESOLVED } from './ocsfEvent.ts';
import type { ReportAbout } from './report.ts';

interface Place {
  readonly accountId: string;
  readonly name: string | null;
  /** `null`: the whole account. */
  readonly region: string | null;
}

const TITLE = 'Every account and Region that was asked for is read';

const UNKNOWN = { status_id: 0, status: 'Unknown' } as const;
const NOT_APPLICABLE = { status_id: 99, status: 'Not Applicable' } as const;

/** An event for each place that was not read, and for each account without a trail: none of them has a finding of its own. */
export function coverageEvents(about: ReportAbout): readonly object[] {
  if (about.coverage === null) return [];
  const { unread, withoutTrail } = summarizeCoverage(about.coverage);
  return [
    ...unread.map((place) => {
      const said = [outcomeOf(place), place.reason].filter((part) => part !== null).join(': ');
      return event(about, place, said, place.status === 'failed');
    }),
    ...withoutTrail.map((account) => event(about, { ...account, region: null }, 'without a trail', false)),
  ];
}

function event(about: ReportAbout, { accountId, name, region }: Place, said: string, isOpen: boolean) {
  const place = region === null ? accountId : `${accountId}/${region}`;
  const state = isOpen
    ? { severity_id: 0, severity: 'Unknown', ...NEW }
    : { severity_id: 1, severity: 'Informational', ...RESOLVED };
  return ocsfEvent(about, {
    code: 'coverage',
    uid: `${place}/coverage`,
    title: TITLE,
    message: `${place}: ${said}`,
    desc: said,
    state,
    cloud: cloud({ accountId, accountName: name, region }),
    compliance: { control: 'coverage', ...(isOpen ? UNKNOWN : NOT_APPLICABLE), status_details: [said] },
    resources: [{ uid: accountId, ...(name === null ? {} : { name }), type: 'AWS::::Account' }],
    unmapped: {},
  });
}
