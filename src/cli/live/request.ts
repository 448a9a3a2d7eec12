import type { Command } from 'commander';
import { BadInput } from '../errors.ts';

/** The options of the commands that read live accounts, as commander gives them. */
export interface LiveOptions {
  readonly profile?: string;
  readonly regions?: string;
  readonly allRegions?: boolean;
  readonly accounts?: string;
  readonly roleName?: string;
  readonly organization?: boolean;
  readonly aggregator?: string;
  readonly read?: string;
}

/** Which accounts and Regions are to be read, and how. */
export interface LiveRequest {
  readonly profile: string | undefined;
  /** `null`: the one to start from; in an aggregator's list, every one. */
  readonly regions: readonly string[] | 'all' | null;
  /** `null`: the caller's own; in an aggregator's list, every one. */
  readonly accounts: readonly string[] | 'organization' | null;
  readonly roleName: string | null;
  readonly aggregator: string | null;
  /** Whether what decides no verdict is unread where AWS throttles it to the last attempt; left out: the trail has no verdict. */
  readonly throttledIsUnread?: boolean;
  /** What is not read unless somebody asks for it; left out: none of it. */
  readonly alsoRead?: readonly FurtherRead[];
  /** Roles as which it is tried whether they could decrypt the logs; left out: none. */
  readonly decryptAs?: readonly string[];
}

export const FURTHER_READS = [
  'bucket-policy',
  'key-events',
  'history',
  'log-group',
  'topic',
  'previous-keys',
  'event-data-stores',
] as const;
export type FurtherRead = (typeof FURTHER_READS)[number];

/** Adds the options that every command which reads live accounts has in common. */
export function addLiveOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of the AWS configuration files whose credentials and Region are used')
    .option('--regions <list>', "Regions to read, separated by commas; left out, the profile's Region")
    .option('--all-regions', 'read every Region that is enabled in the account')
    .option('--accounts <list>', "account ids to read, separated by commas; left out, the credentials' own account")
    .option('--organization', 'read every active account of the organization')
    .option('--role-name <name>', 'role to assume in every account but the own, with its path')
    .option('--aggregator <name>', 'list the trails by one query of this Config aggregator, not account by account')
    .option('--read <list>', `also read, with a permission of its own: ${FURTHER_READS.join(', ')}`);
}

/** @throws BadInput on Regions, account ids and role names that cannot be any, and on options that exclude each other */
export function liveRequest(options: LiveOptions): LiveRequest {
  const { profile, organization = false, allRegions = false, aggregator = null } = options;
  if (allRegions && options.regions !== undefined) throw exclusive('--regions', '--all-regions');
  if (organization && options.accounts !== undefined) throw exclusive('--accounts', '--organization');
  const regions = allRegions ? 'all' : listOf('--regions', options.regions, REGION, 'Regions such as `eu-west-1`');
  const listed = listOf('--accounts', options.accounts, ACCOUNT, 'account ids of twelve digits');
  const roleName = options.roleName ?? null;
  if (roleName !== null && !ROLE_NAME.test(roleName)) {
    throw new BadInput(`\`--role-name\` is \`${roleName}\`, accepted is the name of a role, with its path, and no ARN`);
  }
  if (profile === '' || aggregator === '') {
    throw new BadInput(`\`${profile === '' ? '--profile' : '--aggregator'}\` is empty, accepted is a name`);
  }
  if (organization && roleName === null && aggregator === null) {
    throw new BadInput('`--organization` reads other accounts: it takes `--role-name` or `--aggregator`');
  }
  if (aggregator !== null && furtherReads(options.read).includes('event-data-stores'))
    throw new BadInput('`--aggregator` lists trails alone: `--read event-data-stores` goes without it');
  const alsoRead = FURTHER_READS.filter((read) => furtherReads(options.read).includes(read));
  const accounts = organization ? 'organization' : listed;
  return { profile, regions, accounts, roleName, aggregator, ...(alsoRead.length > 0 && { alsoRead }) };
}

const furtherReads = (text: string | undefined): readonly string[] =>
  listOf(
    '--read',
    text,
    new RegExp(`^(${FURTHER_READS.join('|')})$`),
    FURTHER_READS.map((read) => `\`${read}\``).join(', '),
  ) ?? [];

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/;

/** The roles of `--decrypt-as`; `null`: none. @throws BadInput where one is no role, or none that has to read the logs */
export function rolesToTry(text: string | undefined, requiredReaders: readonly string[]): readonly string[] | null {
  if (text === undefined) return null;
  const roles = [...new Set(text.split(',').map((role) => role.trim()))];
  const bad = roles.find((role) => !ROLE_ARN.test(role) || !requiredReaders.includes(role));
  if (bad !== undefined)
    throw new BadInput(`\`--decrypt-as\` holds \`${bad}\`, accepted are ARNs of roles that \`requiredReaders\` names`);
  return roles;
}

/** The options with which another command finds a trail again whose ARN says its account and Region. */
export const placeOptions = ({ profile, roleName, aggregator }: LiveRequest): readonly string[] => [
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(roleName === null ? [] : ['--role-name', roleName]),
  ...(aggregator === null ? [] : ['--aggregator', aggregator]),
];

export const isRegion = (text: string): boolean => REGION.test(text);

/** Such as `us-gov-west-1`, `ap-southeast-7`, `us-isob-east-1`, `eusc-de-east-1`. */
const REGION =
  /^[a-z]{2,4}(-[a-z]{2,5})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2}$/;
const ACCOUNT = /^\d{12}$/;
/** Path and name (IAM API Reference, Role). */
const ROLE_NAME = /^\/?([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

const exclusive = (one: string, other: string): BadInput =>
  new BadInput(`\`${one}\` and \`${other}\` exclude each other`);

function listOf(option: string, text: string | undefined, accepted: RegExp, what: string): readonly string[] | null {
  if (text === undefined) return null;
  const items = text.split(',').map((item) => item.trim());
  const bad = items.find((item) => !accepted.test(item));
  if (bad !== undefined) {
    throw new BadInput(`\`${option}\` holds \`${bad}\`, accepted are ${what}, separated by commas`);
  }
  return [...new Set(items)];
}
