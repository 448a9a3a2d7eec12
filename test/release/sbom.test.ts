import { type CycloneDx, shippedBom } from '../../scripts/release/sbom.ts';

const component = (name: string, scope: string) => ({ 'bom-ref': `${name}@1`, name, version: '1', scope });
const bom: CycloneDx = {
  serialNumber: 'urn:uuid:of-this-run',
  metadata: { timestamp: 'now', component: { name: 'the folder', 'bom-ref': 'rule@1' } },
  components: [component('shipped', 'required'), component('bundled', 'optional'), component('jest', 'optional')],
  dependencies: [
    { ref: 'rule@1', dependsOn: ['shipped@1', 'jest@1'] },
    { ref: 'shipped@1', dependsOn: ['bundled@1'] },
    { ref: 'jest@1', dependsOn: ['shipped@1'] },
  ],
};
const bundled = ['shipped', 'bundled'].map((name) => ({ name, version: '1' }));

test('holds what is bundled, for whatever it is installed, and what depends on what among it', () => {
  const { components, dependencies } = shippedBom(bom, 'rule', bundled);
  expect(components.map(({ name, scope }) => [name, scope])).toEqual([
    ['shipped', 'required'],
    ['bundled', 'required'],
  ]);
  expect(dependencies).toEqual([
    { ref: 'rule@1', dependsOn: ['shipped@1'] },
    { ref: 'shipped@1', dependsOn: ['bundled@1'] },
  ]);
});

test('says nothing of the run or the folder that made it', () => {
  expect(JSON.stringify(shippedBom(bom, 'rule', bundled))).not.toMatch(/of-this-run|now|the folder/);
});

test('a bundled package that npm does not know is refused', () => {
  expect(() => shippedBom(bom, 'rule', [{ name: 'shipped', version: '2' }])).toThrow(
    'npm sbom knows nothing of `shipped@2`',
  );
});
