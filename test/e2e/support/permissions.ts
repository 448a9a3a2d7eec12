import type { Permission, PermissionHolder } from '../../../src/aws/permissions/permission.ts';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';
import type { WireRequest } from './wire.ts';

const rowsOf = (holders: readonly PermissionHolder[]): readonly Permission[] =>
  PERMISSIONS.filter(({ callers }) => callers.some((caller) => holders.includes(caller)));

const nameOf = ({ service, operation }: Pick<Permission, 'service' | 'operation'>): string =>
  `${service.toLowerCase()} ${operation.replace(' AWS_RAM', '')}`;

/** Requests that the table of permissions does not know of these holders. */
export function unlisted(requests: readonly WireRequest[], ...holders: readonly PermissionHolder[]): readonly string[] {
  const known = new Set(rowsOf(holders).map(nameOf));
  return [...new Set(requests.map(nameOf))].filter((name) => !known.has(name));
}

/** Rows whose calls are always made, and were not. */
export function neverMade(requests: readonly WireRequest[], holder: PermissionHolder): readonly string[] {
  const made = new Set(requests.map(nameOf));
  return rowsOf([holder])
    .filter(({ when }) => when === undefined)
    .map(nameOf)
    .filter((name) => !made.has(name));
}
