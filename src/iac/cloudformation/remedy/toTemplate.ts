import { isList, isObject, type Json } from '../../json.ts';
import type { Placeholders } from '../../unresolved/placeholders.ts';

/** What a template writes for a value of the facts; `undefined` where it cannot say what a placeholder stands for. */
export function toTemplate(value: unknown, placeholders: Placeholders): Json | undefined {
  if (typeof value === 'string') return textOf(value, placeholders);
  if (isList(value)) {
    const entries = value.map((entry) => toTemplate(entry, placeholders));
    return entries.includes(undefined) ? undefined : (entries as readonly Json[]);
  }
  if (!isObject(value)) return value as Json;
  const members: [string, Json][] = [];
  for (const [name, entry] of Object.entries(value)) {
    const written = toTemplate(entry, placeholders);
    if (written === undefined || placeholders.pieces(name).some((piece) => 'name' in piece)) return undefined;
    members.push([name, written]);
  }
  return Object.fromEntries(members);
}

/** What `Fn::Sub` takes between its braces. */
const SUBSTITUTED = /^(AWS::[A-Za-z]+|[A-Za-z0-9]+(\.[A-Za-z0-9.]+)?)$/;

function textOf(text: string, { pieces }: Placeholders): Json | undefined {
  const parts = pieces(text);
  const names = parts.flatMap((part) => ('name' in part ? part.name : []));
  if (names.length === 0) return text;
  if (!names.every((name) => SUBSTITUTED.test(name))) return undefined;
  const [only = ''] = names;
  if (parts.length === 1) return only.includes('.') ? { 'Fn::GetAtt': splitOnce(only) } : { Ref: only };
  // A policy variable is no reference of the template's.
  const whole = parts.map((part) => ('name' in part ? `\${${part.name}}` : part.literal.replaceAll('${', '${!')));
  return { 'Fn::Sub': whole.join('') };
}

const splitOnce = (name: string): readonly string[] => {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
};
