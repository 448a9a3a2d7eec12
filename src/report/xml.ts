/** Everything that XML 1.0 does not allow in a document, not even as a reference (section 2.2, Characters). */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text between tags. Characters that XML cannot hold are left out. */
export const xmlText = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char);

/** A start tag's attributes, with a space before each. A parser would turn raw line breaks in them into spaces. */
export const xmlAttributes = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${attributeValue(String(value))}"`)
    .join('');

const attributeValue = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>"\t\n\r]/g, (char) => ESCAPES[char] ?? char);
