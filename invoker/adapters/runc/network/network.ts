/** A network namespace that one container uses. */
export interface NetworkLease {
  /** File of the namespace; undefined: the container gets a new one with a loopback only. */
  readonly netns: string | undefined
  /** Address of the container. */
  readonly address: string | undefined
  /** Ends the use. Never rejects. */
  release(): Promise<void>
}

/** Gives containers their network. */
export interface ContainerNetwork {
  /** Address that containers see of this host, for the API and for names. */
  readonly gateway: string | undefined
  readonly resolvConf: string
  start(): Promise<void>
  lease(): Promise<NetworkLease>
  /** Undoes everything on the host. */
  stop(): Promise<void>
}

/** A loopback for each container and nothing else. */
export class NoNetwork implements ContainerNetwork {
  readonly gateway = undefined
  readonly resolvConf = ''

  async start(): Promise<void> {}

  async lease(): Promise<NetworkLease> {
    return { netns: undefined, address: undefined, release: async () => undefined }
  }

  async stop(): Promise<void> {}
}
