// What the other scripts share: the rows, and how a word is found in one.
'use strict';
{
  const byId = (id) => document.getElementById(id);
  const form = document.querySelector('form');
  const allRows = [...document.querySelectorAll('table.trails tr.row')];

  const numberOf = (row) => row.querySelector('a').hash.slice(1);
  // Details are text until they are opened; what several trails have in common stands in the first of them.
  const textOf = (number) => byId(number).querySelector('noscript').textContent;
  const SAME = /<p class="same" data-part="(\d+)" data-of="([\w-]+)">.*?<\/p>/g;
  const partOf = ([, part, number]) => {
    const [mark, end] = ['<!--' + part + '-->', '<!--/' + part + '-->'];
    const text = textOf(number);
    return text.slice(text.indexOf(mark) + mark.length, text.indexOf(end));
  };
  const detailsOf = (row) => textOf(numberOf(row)).replace(SAME, (...match) => partOf(match));

  // What stands in details as it is written there is looked at without its tags.
  const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const MEANING = Object.fromEntries(Object.entries(ENTITIES).map(([char, entity]) => [entity, char]));
  const withoutTags = (text) => text.replace(/<[^>]*>/g, ' ').replace(/&#?\w+;/g, (entity) => MEANING[entity] ?? entity);
  function finder(word) {
    const written = word.replace(/[&<>"']/g, (char) => ENTITIES[char]).replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');
    const pattern = new RegExp(written, 'iu');
    const isIn = (text) => pattern.test(text) && withoutTags(text).toLowerCase().includes(word);
    const parts = new Map();
    const isInPart = (match) => {
      if (!parts.has(match[1])) parts.set(match[1], isIn(partOf(match)));
      return parts.get(match[1]);
    };
    return (row) => {
      if ((row.textContent + ' ' + row.dataset.arn).toLowerCase().includes(word)) return true;
      const text = textOf(numberOf(row));
      return isIn(text) || [...text.matchAll(SAME)].some(isInPart);
    };
  }

  // shown: the rows that the filter leaves, in their order.
  globalThis.page = { byId, form, allRows, numberOf, detailsOf, finder, shown: [] };
}
