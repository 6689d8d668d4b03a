/** Header extension that names a packet's media section (RFC 9143, section 15). */
export const MID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/** Numbers the packets of a transport (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export const TRANSPORT_SEQUENCE_EXTENSION =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
