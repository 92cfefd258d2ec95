/** An audience's track without ids and times, which the archives in the tests add themselves. */
export function audience(key: string, isMember: boolean) {
  return {
    type: 'track',
    event: isMember ? 'Audience Entered' : 'Audience Exited',
    properties: { audience_key: key, [key]: isMember },
    context: { personas: { computation_class: 'audience', computation_key: key } },
  };
}
