import { type BundledPackage, identity } from './bundledPackages.ts';

/** What `npm sbom --sbom-format cyclonedx` prints, as far as it matters here. */
export interface CycloneDx {
  readonly serialNumber?: string;
  readonly metadata: {
    readonly timestamp?: string;
    readonly component: { readonly name: string; readonly 'bom-ref': string };
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  readonly properties?: readonly unknown[];
}

/**
 * The bill of materials of what is shipped: of all that npm knows of, the packages that bundles hold code of, whether or not npm
 * takes them for development. Without time and number of this run, so that the same sources make the same file.
 *
 * @throws Error where a bundled package is none of npm's
 */
export function shippedBom(
  { serialNumber: _, ...bom }: CycloneDx,
  name: string,
  bundled: readonly Pick<BundledPackage, 'name' | 'version'>[],
): CycloneDx {
  const shipped = new Set(bundled.map(identity));
  const components = bom.components.filter((component) => shipped.has(identity(component)));
  const known = new Set(components.map(identity));
  const missing = [...shipped].filter((one) => !known.has(one));
  if (missing.length > 0) throw new Error(`npm sbom knows nothing of \`${missing.join('`, `')}\``);
  const { timestamp: __, component, ...metadata } = bom.metadata;
  const refs = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  return {
    ...bom,
    metadata: { ...metadata, component: { ...component, name } },
    // Here each is part of what runs.
    components: components.map((one) => ({ ...one, scope: 'required', properties: [] })),
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}
