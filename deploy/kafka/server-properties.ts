/** Where one broker lives. */
export interface BrokerPlace {
  readonly port: number
  readonly controllerPort: number
  readonly dataDirectory: string
}

/**
 * The broker's `server.properties`: one node that is broker and KRaft controller, on loopback only. Members of a group
 * are not waited for at its first start, and sessions may be short: tests restart consumers often.
 */
export function serverProperties({ port, controllerPort, dataDirectory }: BrokerPlace): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${dataDirectory}/log`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    // A broker that was killed may come back after this.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'group.min.session.timeout.ms=500',
    'num.network.threads=2',
    'num.io.threads=2',
    'log.cleaner.dedupe.buffer.size=16777216',
    'auto.create.topics.enable=false',
    '',
  ].join('\n')
}
