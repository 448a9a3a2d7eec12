import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../cases/vendor', file), 'utf8'));

/** SARIF 2.1.0, as published by its committee's schema store. */
export function sarifValidator(): ValidateFunction {
  const ajv = new Draft04({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv as never);
  return ajv.compile(read('sarif-2.1.0-rtm.5.json'));
}

/** OCSF, Compliance Finding with the cloud profile: the version that events name, and the newest one. */
export const OCSF_VERSIONS = ['1.6.0', '1.8.0'] as const;

export function ocsfValidator(version: (typeof OCSF_VERSIONS)[number]): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  return ajv.compile(read(`ocsf-${version}-compliance-finding-cloud.json`));
}

/** What a schema says against a value; empty when nothing. */
export function complaints(validate: ValidateFunction, value: unknown): readonly string[] {
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
