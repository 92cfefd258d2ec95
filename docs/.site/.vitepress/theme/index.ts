import type { Theme } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import { defineAsyncComponent } from 'vue';
import '../../.pages/drawings.css';
import './style.css';
import { markTargetRow } from './target-row.js';

export default {
  extends: theme,
  enhanceApp({ app, router }) {
    // Only its own page loads it.
    app.component(
      'PlaygroundPage',
      defineAsyncComponent(() => import('../../playground/PlaygroundPage.vue')),
    );
    if (import.meta.env.SSR) return;
    router.onAfterRouteChange = markTargetRow;
    window.addEventListener('hashchange', markTargetRow);
  },
} satisfies Theme;
