import { nextTick } from 'vue';

/**
 * Marks the row of a table that the address leads to. CSS has `:target` for this, but it does not follow the links of
 * VitePress, which set the address by `history.pushState`.
 */
export async function markTargetRow(): Promise<void> {
  await nextTick();
  for (const row of document.querySelectorAll('tr.is-target')) row.classList.remove('is-target');
  const anchor = location.hash.slice(1);
  if (anchor !== '') document.getElementById(anchor)?.closest('tr')?.classList.add('is-target');
}
