/** Each finding that docs/template-findings.md judges, as `CHECK TEMPLATE RESOURCE`: its second cell names the resources. */
export function judgedFindings(page: string): readonly string[] {
  return [...page.matchAll(/^\| `(CKV\w+)`[^|]*\|([^|]*)\|/gm)].flatMap(([, check = '', places = '']) =>
    [...places.matchAll(/`([\w/.-]+\.yaml)`: ((?:`\w+`(?:, )?)+)/g)].flatMap(([, template = '', resources = '']) =>
      [...resources.matchAll(/`(\w+)`/g)].map(([, resource = '']) => `${check} ${template} ${resource}`),
    ),
  );
}
