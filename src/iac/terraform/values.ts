import { member } from '../json.ts';
import { type Settled, settled, unsettled } from '../model.ts';
import { inWords } from '../reference.ts';
import { type Instance, planned } from './plan.ts';
import { referencesOf } from './targets.ts';

/** Whether the configuration sets an argument; what it leaves out has the provider's default. */
export const isConfigured = ({ configuration }: Instance, name: string): boolean =>
  configuration === null || member(configuration, name) !== undefined;

/** An argument that is true or false, with the provider's default. */
export function settledFlag(instance: Instance, name: string, fallback: boolean): Settled<boolean> {
  const value = planned(instance, name);
  if (value.known) return settled(typeof value.value === 'boolean' ? value.value : fallback);
  return isConfigured(instance, name) ? unsettled(openArgument(instance, name)) : settled(fallback);
}

/** An argument that is text, with the provider's default. */
export function settledText(instance: Instance, name: string, fallback: string): Settled<string> {
  const value = planned(instance, name);
  if (value.known) return settled(typeof value.value === 'string' ? value.value : fallback);
  return isConfigured(instance, name) ? unsettled(openArgument(instance, name)) : settled(fallback);
}

/** "`aws_iam_role.reader.arn` is not resolved". */
export function openArgument(instance: Instance, name: string): string {
  const references = referencesOf(member(instance.configuration, name));
  const names = references.length === 0 ? [`${instance.address}.${name}`] : references;
  return `${inWords(names)} ${names.length === 1 ? 'is' : 'are'} not resolved`;
}
