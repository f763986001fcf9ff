/** The class whose timer idle-timer.ts patches; kafkajs does not export it. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: import('./idle-timer.ts').RequestQueueClass
  export default RequestQueue
}
