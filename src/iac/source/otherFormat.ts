const PLAN = '`terraform plan -out plan.out && terraform show -json plan.out > plan.json`';

interface Format {
  /** What its files are called. */
  readonly name: RegExp;
  /** What the text of a file holds that is called otherwise. */
  readonly holds: readonly RegExp[];
  /** What it is, and the command that makes a file which is accepted. */
  readonly advice: string;
}

/** What people give in place of a template or a plan, the most particular first. */
const FORMATS: readonly Format[] = [
  {
    name: /\.tf\.json$/,
    holds: [/^\s*\{/, /"(?:resource|module)"\s*:\s*\{/, /"(?:terraform|provider)"\s*:\s*\{/],
    advice: `it is Terraform configuration in JSON, and in its folder ${PLAN} makes a plan (of CDK for Terraform after \`cdktf synth\`)`,
  },
  {
    name: /\.tf(?:vars)?$/,
    holds: [/^(?:resource|module|data|provider|terraform|variable|locals)\s*(?:"[^"]*"\s*)*\{/m],
    advice: `it is Terraform configuration, and in its folder ${PLAN} makes a plan`,
  },
  {
    name: /\.tfstate(?:\.backup)?$/,
    holds: [/^\s*\{/, /"terraform_version"\s*:/, /"lineage"\s*:/],
    advice:
      "it is Terraform's own state, and `terraform show -json > state.json` in its folder makes a file that is accepted",
  },
  {
    name: /^serverless\.(?:ya?ml|json|ts|js)$/,
    holds: [/^service\s*:/m, /^provider\s*:/m],
    advice:
      'it is a service of the Serverless Framework, and `serverless package` makes a template: `.serverless/cloudformation-template-update-stack.json`',
  },
  {
    name: /^cdk\.json$/,
    holds: [/^\s*\{/, /"app"\s*:\s*"[^"]*(?:cdk|ts-node|npx|node |python|mvn|dotnet|go )/],
    advice: 'it is the configuration of an AWS CDK app, and `cdk synth` makes templates: `cdk.out`',
  },
];

/** Where each of them says what it is. */
const BEGINNING = 100_000;

/** What a file is that is neither a template nor a plan, and the command that makes one of it; `null`: nobody knows. */
export function otherFormat(text: string, file: string): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const beginning = text.slice(0, BEGINNING);
  const found =
    FORMATS.find((format) => format.name.test(name)) ??
    FORMATS.find(({ holds }) => holds.every((part) => part.test(beginning)));
  return found?.advice ?? null;
}
