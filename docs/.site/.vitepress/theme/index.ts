import type { Theme } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import { defineAsyncComponent } from 'vue';
import '../../.pages/drawings.css';
import './style.css';

export default {
  extends: theme,
  enhanceApp({ app }) {
    // Only its own page loads it.
    app.component(
      'Playground',
      defineAsyncComponent(() => import('../../playground/Playground.vue')),
    );
  },
} satisfies Theme;
