import type { MappingOptions, Plan } from 'segment-onesignal';
import { computed, type InjectionKey, inject, reactive, shallowRef, watch } from 'vue';
import { checkMapping } from './model/check-mapping.js';
import { titleOf, userOf } from './model/event-title.js';
import { type Problem, parseJson } from './model/json-problem.js';
import { planEvent } from './model/play.js';
import { answer, type Result } from './model/result.js';
import { buildSample } from './model/samples.js';
import { maxEvents, type PlaygroundState, toJson } from './model/state.js';

/** An event in the list. */
export interface ListedEvent {
  readonly title: string;
  readonly user: string;
  readonly status: Plan['status'] | 'broken';
}

export type Playground = ReturnType<typeof createPlayground>;

export const playgroundKey: InjectionKey<Playground> = Symbol('playground');

export function usePlayground(): Playground {
  const playground = inject(playgroundKey);
  if (playground === undefined) throw new Error('The component stands outside the playground.');
  return playground;
}

/** Events are played this long after the last key, in milliseconds. */
const pauseMs = 120;
/** A mistake is shown this long after the last key, in milliseconds: what is being typed is seldom complete. */
const mistakeMs = 500;

interface Problems {
  readonly mapping: Problem | undefined;
  readonly event: Problem | undefined;
}

/** The state of the page, and everything that follows from it. */
export function createPlayground(first: PlaygroundState) {
  const state = reactive({ ...first, events: [...first.events] });
  const checked = computed(() => checkMapping(state.mapping));
  const parsed = computed(() => state.events.map(parseJson));
  const mapping = shallowRef<MappingOptions>({});
  const result = shallowRef<Result>();
  /** What went wrong while the events were played, which should never happen. */
  const failure = shallowRef('');

  const found = computed((): Problems => {
    const event = parsed.value[state.selected];
    return {
      mapping: 'problem' in checked.value ? checked.value.problem : undefined,
      event: event !== undefined && 'problem' in event ? event.problem : undefined,
    };
  });
  const values = computed(() => parsed.value.map((one) => ('value' in one ? one.value : undefined)));
  const listed = computed((): ListedEvent[] =>
    parsed.value.map((one) => {
      if ('problem' in one) return { title: 'not JSON', user: '', status: 'broken' };
      const { plan } = planEvent(one.value, mapping.value);
      return { title: titleOf(one.value), user: userOf(one.value), status: plan.status };
    }),
  );
  /** The mistakes that are shown. While there is one, the result is about an earlier text. */
  const problems = shallowRef<Problems>({ mapping: undefined, event: undefined });
  let mistakeTimer: ReturnType<typeof setTimeout> | undefined;
  watch(
    found,
    (next) => {
      clearTimeout(mistakeTimer);
      const show = (): void => {
        problems.value = next;
      };
      if (next.mapping === undefined && next.event === undefined) show();
      else mistakeTimer = setTimeout(show, mistakeMs);
    },
    { immediate: true },
  );

  let asked = 0;
  async function refresh(): Promise<void> {
    const number = ++asked;
    if ('mapping' in checked.value) mapping.value = checked.value.mapping;
    if (found.value.event !== undefined) {
      if (result.value?.index !== state.selected) result.value = undefined;
      return;
    }
    try {
      const { selected: index, users } = state;
      const next = await answer({ events: values.value, index, mapping: mapping.value, users });
      if (number !== asked) return;
      result.value = next;
      failure.value = '';
    } catch (thrown) {
      failure.value = String(thrown);
    }
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => [state.events.join('\0'), state.mapping],
    () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, pauseMs);
    },
  );
  watch(() => [state.selected, state.users], refresh);
  void refresh();

  function load(next: PlaygroundState): void {
    Object.assign(state, { ...next, events: [...next.events] });
    void refresh();
  }
  function select(index: number): void {
    state.selected = Math.min(Math.max(index, 0), state.events.length - 1);
  }
  /** Adds an event at the end: a sample, or an empty one to paste over. */
  function add(builder: string): void {
    if (state.events.length >= maxEvents) return;
    state.events.push(builder === '' ? '{\n  \n}' : buildSample(builder, state.events));
    select(state.events.length - 1);
  }
  function remove(index: number): void {
    state.events.splice(index, 1);
    if (state.events.length === 0) state.events.push('{\n  \n}');
    select(index < state.selected ? state.selected - 1 : state.selected);
    void refresh();
  }
  /** The number of events that the selected text holds, if it is an array of them. */
  const arrayLength = computed(() => {
    const value = values.value[state.selected];
    return Array.isArray(value) && value.length > 0 ? value.length : 0;
  });
  /** Puts each event of an array into an event of its own. */
  function split(): void {
    const value = values.value[state.selected];
    if (!Array.isArray(value)) return;
    state.events.splice(state.selected, 1, ...value.map(toJson));
    state.events.splice(maxEvents);
  }

  return {
    ...{ state, mapping, result, failure, problems, values, listed, arrayLength },
    ...{ load, select, add, remove, split },
  };
}
