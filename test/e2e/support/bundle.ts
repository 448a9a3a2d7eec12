import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../../..');

/** What `sam build` made of the rule's function: its folder, handler and environment, parameters at their defaults. */
export interface Bundle {
  readonly folder: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Globals?: { readonly Function?: FunctionProperties };
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: FunctionProperties }>>;
}

interface FunctionProperties {
  readonly CodeUri?: string;
  readonly Handler?: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

export function samBundle(): Bundle {
  const build = join(root, '.aws-sam/build');
  const template = parse(readFileSync(join(build, 'template.yaml'), 'utf8')) as Template;
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Serverless::Function');
  const rule = functions.find(({ Properties }) => Properties.CodeUri && Properties.Handler)?.Properties;
  if (!rule?.CodeUri || !rule.Handler) throw new Error('.aws-sam/build/template.yaml holds no function: run sam build');
  const variables = { ...template.Globals?.Function?.Environment?.Variables, ...rule.Environment?.Variables };
  return {
    folder: join(build, rule.CodeUri),
    handler: rule.Handler,
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => {
        const settled = settle(value, template.Parameters ?? {});
        return settled === undefined ? [] : [[name, settled]];
      }),
    ),
  };
}

/** A literal, or a parameter's default; anything else is for AWS to fill in. */
function settle(value: unknown, parameters: NonNullable<Template['Parameters']>): string | undefined {
  if (typeof value !== 'object' || value === null) return String(value);
  const reference = (value as { Ref?: unknown }).Ref;
  const standard = typeof reference === 'string' ? parameters[reference]?.Default : undefined;
  return standard === undefined ? undefined : String(standard);
}
