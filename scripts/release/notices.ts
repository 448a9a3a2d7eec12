import { type BundledPackage, identity } from './bundledPackages.ts';

const RULE = '-'.repeat(80);
/** They ask for no notice, so that packages may leave their text out. */
const WITHOUT_CONDITION: ReadonlySet<string> = new Set(['MIT-0', '0BSD']);

/**
 * The notices that the licences of bundled packages ask for: each text once, below the packages that it belongs to.
 *
 * @param ownLicense the text of Apache-2.0, for packages under it that bring no text of their own
 * @throws Error where a package under another licence brings none
 */
export function thirdPartyNotices(packages: readonly BundledPackage[], ownLicense: string): string {
  const byText = new Map<string, BundledPackage[]>();
  for (const one of packages) {
    const text = textOf(one, ownLicense);
    if (text === null)
      throw new Error(`\`${identity(one)}\` is bundled and brings no text of its licence \`${one.license}\``);
    byText.set(text, [...(byText.get(text) ?? []), one]);
  }
  const parts = [...byText].map(
    ([text, those]) => `${those.map((one) => `${identity(one)} (${one.license})`).join('\n')}\n\n${text}\n`,
  );
  return ['Code of these packages is part of what is shipped here, each under its own licence.\n', ...parts].join(
    `\n${RULE}\n\n`,
  );
}

function textOf({ texts, license }: BundledPackage, ownLicense: string): string | null {
  if (texts.length > 0) return texts.join('\n\n');
  if (license === 'Apache-2.0') return ownLicense.trim();
  return WITHOUT_CONDITION.has(license) ? 'This licence asks for no notice.' : null;
}
