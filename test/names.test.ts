import { globSync, readFileSync } from 'node:fs';

const DECLARATION = /^export (?:interface|type|class|enum) (\w+)/gm;

test('an exported type name has one meaning', () => {
  const places = new Map<string, string[]>();
  for (const file of globSync('src/**/*.ts').sort())
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(DECLARATION))
      places.set(name, [...(places.get(name) ?? []), file]);
  expect(places.size).toBeGreaterThan(200);
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
});
