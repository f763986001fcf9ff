import { join } from 'node:path'

/** Where one invoker keeps what its containers need. All of it is made at the start and gone after the stop. */
export interface Places {
  readonly home: string
  /** Says which process all this belongs to. */
  readonly owner: string
  /** Shared by the invokers of this host: what they changed in the kernel. */
  readonly forwarding: string
  readonly groupMoves: string
  /** State of `runc` itself. */
  readonly runc: string
  /** The root of every container. */
  readonly rootfs: string
  /** One directory a container: its configuration. */
  readonly bundles: string
  /** Control sockets; no container sees this directory. */
  readonly sockets: string
  /** Network namespaces, each a mount. */
  readonly networks: string
  /** Name of the parent control group. */
  readonly cgroup: string
}

/** The places of invoker `instance` below `stateDir`. */
export function placesOf(stateDir: string, instance: string): Places {
  const home = join(stateDir, instance)
  return {
    home,
    owner: `${home}.owner`,
    forwarding: join(stateDir, 'forwarding'),
    groupMoves: join(stateDir, 'group-moves'),
    runc: join(home, 'runc'),
    rootfs: join(home, 'rootfs'),
    bundles: join(home, 'bundles'),
    sockets: join(home, 's'),
    networks: join(home, 'net'),
    cgroup: `warmwhisk-${instance}`,
  }
}
