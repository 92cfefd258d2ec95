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
      'PlaygroundPage',
      defineAsyncComponent(() => import('../../playground/PlaygroundPage.vue')),
    );
  },
} satisfies Theme;
