// What the other scripts share: the rows, and how a word is found in one.
'use strict';
{
  const byId = (id) => document.getElementById(id);
  const form = document.querySelector('form');
  const allRows = [...document.querySelectorAll('table.trails tr.row')];

  const numberOf = (row) => row.querySelector('a').hash.slice(1);
  const detailsOf = (row) => byId(numberOf(row)).querySelector('noscript').textContent;

  // Details are text until they are opened: what stands in them as it is written there is looked at without its tags.
  const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const MEANING = Object.fromEntries(Object.entries(ENTITIES).map(([char, entity]) => [entity, char]));
  const withoutTags = (text) => text.replace(/<[^>]*>/g, ' ').replace(/&#?\w+;/g, (entity) => MEANING[entity] ?? entity);
  function finder(word) {
    const written = word.replace(/[&<>"']/g, (char) => ENTITIES[char]).replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');
    const pattern = new RegExp(written, 'iu');
    return (row) => {
      if ((row.textContent + ' ' + row.dataset.arn).toLowerCase().includes(word)) return true;
      const details = detailsOf(row);
      return pattern.test(details) && withoutTags(details).toLowerCase().includes(word);
    };
  }

  // shown: the rows that the filter leaves, in their order.
  globalThis.page = { byId, form, allRows, numberOf, detailsOf, finder, shown: [] };
}
