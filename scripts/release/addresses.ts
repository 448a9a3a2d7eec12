/** Where a package's sources are and where its faults are told, as npm takes them. */
export interface Addresses {
  readonly repository: unknown;
  readonly bugs: unknown;
}

/**
 * What package.json says, or else the repository whose workflow runs: npm compares `repository` with the provenance, so that
 * only the repository that releases can say it, and a fork names itself.
 *
 * @param environment of GitHub Actions: GITHUB_SERVER_URL and GITHUB_REPOSITORY
 */
export function addressesOf(
  { repository, bugs }: Readonly<Record<string, unknown>>,
  { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }: NodeJS.ProcessEnv,
): Partial<Addresses> {
  const here = server && name ? `${server}/${name}` : null;
  return {
    ...(repository || here ? { repository: repository ?? { type: 'git', url: `git+${here}.git` } } : {}),
    ...(bugs || here ? { bugs: bugs ?? { url: `${here}/issues` } } : {}),
  };
}
