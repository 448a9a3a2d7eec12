/** A column's type as AWS Glue spells it, taken apart. */
export type HiveType =
  | { readonly is: 'string' | 'int' }
  | { readonly is: 'array'; readonly of: HiveType }
  | { readonly is: 'struct'; readonly members: ReadonlyMap<string, HiveType> };

/** Reads such as `array<struct<check:string,severity:string>>`. */
export function hiveType(text: string): HiveType {
  const [, outer, inner = ''] = /^(\w+)<(.+)>$/.exec(text) ?? [];
  if (outer === 'array') return { is: 'array', of: hiveType(inner) };
  if (outer === 'struct') return { is: 'struct', members: new Map(fieldsOf(inner)) };
  if (text === 'string' || text === 'int') return { is: text };
  throw new Error(`no type: \`${text}\``);
}

/** At the commas that stand in no member's own type. */
function fieldsOf(text: string): readonly (readonly [string, HiveType])[] {
  let depth = 0;
  const fields = [''];
  for (const character of text) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) fields.push('');
    else fields.push(`${fields.pop()}${character}`);
  }
  return fields.map((field) => {
    const at = field.indexOf(':');
    return [field.slice(0, at), hiveType(field.slice(at + 1))];
  });
}
