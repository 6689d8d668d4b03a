import { SDP_FRAGMENT_TYPE } from '../../../protocol/ice.ts';
import { errorsOfBody, errorsOfPeer } from '../error-answers.ts';
import { FRAGMENT } from '../examples.ts';
import type { Operation, Parameter } from '../operation.ts';

export const errorsOfIce = [
  'fragment-invalid',
  'candidates-exhausted',
  'if-match-required',
  'ice-session-changed',
] as const;

export const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  description: 'With a fragment: the ETag of the ICE session, or `*` to restart it',
  example: '*',
};

/** Changes to the ICE session of what WHIP or WHEP began, and its end (RFC 9725, section 4). */
export function afterwards(name: 'Whip' | 'Whep', group: Operation['group'], id: Parameter): Operation[] {
  const path = `/${name.toLowerCase()}/:id`;
  const errors = ['session-unknown', ...errorsOfPeer] as const;
  return [
    {
      method: 'patch',
      path,
      id: `patch${name}`,
      group,
      summary: `Adds candidates to ${name.toUpperCase()}, or restarts ICE`,
      parameters: [id, ifMatch],
      body: { [SDP_FRAGMENT_TYPE]: { example: FRAGMENT } },
      answers: {
        200: {
          description: 'ICE restarts, with this fragment of the server',
          headers: { ETag: 'Names the ICE session from now on' },
          content: { [SDP_FRAGMENT_TYPE]: { example: FRAGMENT } },
        },
        204: { description: 'The candidates were taken', headers: { ETag: 'Names the ICE session' } },
      },
      errors: [...errors, ...errorsOfBody, ...errorsOfIce],
    },
    {
      method: 'delete',
      path,
      id: `delete${name}`,
      group,
      summary: `Ends what ${name.toUpperCase()} began`,
      parameters: [id],
      answers: { 200: { description: 'It has ended' } },
      errors,
    },
  ];
}

/** What is answered to the offer of WHIP or WHEP. */
export const created: Operation['answers'] = {
  201: {
    description: 'The answer',
    headers: {
      Location: 'Where it is changed and ended',
      ETag: 'Names the ICE session, for If-Match',
      'Accept-Patch': 'What may be sent there',
      Link: 'STUN and TURN servers, where there are any',
    },
    content: { 'application/sdp': {} },
  },
};
