import { type Ref, ref } from 'vue';

/** How long a button says that it has copied, in milliseconds. */
const noticeMs = 1_500;

/** Copies text, and says so for a moment. */
export function withCopied(): { isCopied: Ref<boolean>; copy(text: string): Promise<void> } {
  const isCopied = ref(false);
  return {
    isCopied,
    async copy(text) {
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      setTimeout(() => {
        isCopied.value = false;
      }, noticeMs);
    },
  };
}
