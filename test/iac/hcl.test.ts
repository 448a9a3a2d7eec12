import { attributesOf, blocksOf, referencesIn } from '../../src/iac/terraform/hcl.ts';

const BLOCKS: Readonly<Record<string, readonly [text: string, blocks: readonly string[]]>> = {
  'a resource': ['resource "aws_kms_key" "k" {\n}\n', ['resource aws_kms_key k @0']],
  'labels without quotes': ['resource aws_kms_key k {}', ['resource aws_kms_key k @0']],
  'several, with blocks inside': [
    'locals {\n  a = 1\n}\nresource "a" "b" {\n  dynamic "x" {\n    content {}\n  }\n}',
    ['locals @0', 'resource a b @19'],
  ],
  'in comments': [
    '# resource "a" "b" {\n// resource "a" "c" {\n/* resource "a" "d" {} */ resource "a" "e" {}',
    ['resource a e @69'],
  ],
  'braces in strings': ['resource "a" "b" { x = "}" }\nresource "c" "d" {}', ['resource a b @0', 'resource c d @29']],
  'braces in what is interpolated': [
    `resource "a" "b" { x = "\${lookup({ "}" = "}" }, "}")}" }\nresource "c" "d" {}`,
    ['resource a b @0', 'resource c d @57'],
  ],
  'what only looks interpolated': ['resource "a" "b" { x = "$${" }\nlocals {}', ['resource a b @0', 'locals @31']],
  'an escaped quote': ['resource "a" "b" { x = "\\"}" }\nlocals {}', ['resource a b @0', 'locals @31']],
  'a heredoc': ['resource "a" "b" {\n  x = <<-EOT\n    }\n    EOT\n}\nlocals {}', ['resource a b @0', 'locals @48']],
  'no end': ['resource "a" "b" {', ['resource a b @0']],
  'something else': ['{"resource": {}}', []],
};

test.each(Object.entries(BLOCKS))('blocks: %s', (_, [text, blocks]) => {
  const found = blocksOf(text).map(({ type, labels, offset }) => `${[type, ...labels].join(' ')} @${offset}`);
  expect(found).toEqual(blocks);
});

test('attributes of a block, those of blocks inside it left out', () => {
  const body = '\n  a = 1 # one\n  b = [\n    x,\n  ]\n  inner {\n    c = 2\n  }\n  d   =   "x = y"\n  e = a == b\n';
  expect([...attributesOf(body)]).toEqual([
    ['a', '1 # one'],
    ['b', '[\n    x,\n  ]'],
    ['d', '"x = y"'],
    ['e', 'a == b'],
  ]);
});

test.each([
  ['aws_kms_key.k.arn', ['aws_kms_key.k.arn']],
  ['aws_kms_key.k[0].arn', ['aws_kms_key.k[0].arn']],
  ['aws_kms_key.k["a"].arn', ['aws_kms_key.k["a"].arn']],
  ['one(aws_kms_key.k[*].arn)', ['aws_kms_key.k']],
  ['var.create ? aws_kms_key.k.arn : var.key', ['var.create', 'aws_kms_key.k.arn', 'var.key']],
  [`"\${module.kms.arn}"`, ['module.kms.arn']],
  ['"arn.of.nothing"', []],
  ['"$${local.x} and %{ if var.y }x%{ endif }"', ['var.y']],
  ['{ a = aws_kms_key.k.arn, b = "local.x" }', ['aws_kms_key.k.arn']],
  ['1.5', []],
  ['true # local.x', []],
  [`<<EOT\n\${local.a}\nEOT`, ['local.a']],
])('references of `%s`', (expression, references) => expect(referencesIn(expression)).toEqual(references));
