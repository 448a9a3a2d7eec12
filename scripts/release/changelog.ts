/** What the changelog says of a version, or `null` where it has no section of it. */
export function changesOf(changelog: string, version: string): string | null {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((one) => one.startsWith(`## [${version}]`));
  return section === undefined ? null : section.replace(/^.*\n/, '').trim();
}
