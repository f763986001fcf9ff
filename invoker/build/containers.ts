import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Breaker } from '../adapters/breaker/breaker.ts'
import { BreakerFactory } from '../adapters/breaker/breaker-factory.ts'
import type { HostRuntimes } from '../adapters/host-runtimes/host-runtimes.ts'
import { LinuxKernel } from '../adapters/kernel/linux.ts'
import { PipeLogs } from '../adapters/output/pipe-logs.ts'
import { ProcessFactory } from '../adapters/process/factory.ts'
import { RuncFactory } from '../adapters/runc/factory.ts'
import { defaultConfinement } from '../adapters/runc/options.ts'
import type { Config } from '../config/read-config.ts'
import { MiB } from '../domain/size.ts'
import type { Shutdown } from '../lib/shutdown.ts'
import type { CheckpointContainers } from '../ports/checkpoints.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContainerFactory, OpenLogs } from '../ports/containers.ts'
import type { EmptyContainers } from '../ports/empty-containers.ts'
import type { Kernel } from '../ports/kernel.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { canRunc, hasNetworkTools } from './isolation.ts'

/** A started factory, and how containers see this host. */
export interface Containers {
  readonly factory: ContainerFactory
  /** Address of this host that containers reach; undefined where they have no network of their own. */
  readonly gateway: string | undefined
  /** What isolates containers here, as a sentence. */
  readonly isolation: string
  /** What image engines need; undefined where containers are no place to restore into. */
  readonly forImages:
    | { readonly containers: EmptyContainers & CheckpointContainers; readonly kernel: Kernel }
    | undefined
}

/** What factories are made with. */
export interface ContainerTools {
  readonly instance: string
  readonly host: HostRuntimes
  /** Port of ours at the gateway's address that containers may reach. */
  readonly apiPort?: number
  readonly root: string
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly shutdown: Shutdown
}

/** Chooses, makes and starts the container factory. @throws Fault SETTINGS_WRONG when runc was asked for and cannot work. */
export async function startContainers(config: Config, tools: ContainerTools): Promise<Containers> {
  const missing = canRunc()
  const wanted = config.containers.factory
  if (wanted === 'runc' || (wanted === 'auto' && missing === undefined)) return startRunc(config, tools)
  return startProcesses(config, { ...tools, reason: missing ?? 'the operator asked for it' })
}

async function startRunc(config: Config, tools: ContainerTools): Promise<Containers> {
  const { containers, limits } = config
  const { clock, log, shutdown } = tools
  const noNetwork = hasNetworkTools()
  const kernel = shutdown.own('kernel', new LinuxKernel())
  const factory = new RuncFactory({
    instance: tools.instance,
    stateDir: containers.stateDir,
    launchOf: (kind) => tools.host.launchOf(kind),
    // One profile an architecture.
    seccomp: JSON.parse(readFileSync(join(tools.root, 'deploy/seccomp/profile.json'), 'utf8'))[process.arch] ?? {},
    confinement: { ...defaultConfinement, pidsLimit: containers.pidsLimit, tmpBytes: containers.tmpBytes },
    network:
      noNetwork === undefined
        ? {
            subnet: containers.subnet,
            ready: containers.networkPool,
            ...(tools.apiPort === undefined ? {} : { apiPort: tools.apiPort }),
            dnsServers: containers.dnsServers,
            dnsSearch: containers.dnsSearch,
            dnsOptions: containers.dnsOptions,
          }
        : undefined,
    parallelStarts: containers.parallelStarts,
    quickMoves: containers.quickMoves,
    readyContainers: config.images.isEnabled ? containers.ready : 0,
    kernel,
    openLogs: openLogs(clock, limits.logs.max),
    log,
  })
  shutdown.own('containers', factory)
  await factory.start()
  const network = noNetwork === undefined ? 'own network with NAT' : `no network: ${noNetwork}`
  return {
    factory: guarded(factory, tools),
    gateway: factory.gateway,
    isolation: `runc: own namespaces, no capabilities, seccomp, memory and process limits, ${network}`,
    forImages: { containers: factory, kernel },
  }
}

async function startProcesses(
  config: Config,
  tools: ContainerTools & { readonly reason: string },
): Promise<Containers> {
  const { clock, log, shutdown, reason } = tools
  const factory = new ProcessFactory({
    instance: tools.instance,
    stateDir: join(tmpdir(), `warmwhisk-${process.getuid?.() ?? 0}`),
    launchOf: (kind) => tools.host.launchOf(kind),
    kernel: shutdown.own('kernel', new LinuxKernel()),
    openLogs: openLogs(clock, config.limits.logs.max),
    log,
  })
  shutdown.own('containers', factory)
  await factory.start()
  return {
    factory: guarded(factory, tools),
    gateway: undefined,
    isolation: `none: actions run as plain processes (${reason})`,
    forImages: undefined,
  }
}

function guarded(factory: ContainerFactory, { meter, shutdown }: ContainerTools): ContainerFactory {
  const breaker = new Breaker({ name: factory.name, fault: 'CONTAINER_CREATE', meter })
  return new BreakerFactory(factory, shutdown.own('breaker of the container factory', breaker))
}

/** Logs are kept up to twice the largest log limit: docker's counting, which the limit follows, adds to each line. */
function openLogs(clock: Clock, largestLogMb: number): OpenLogs {
  return (pipes) => new PipeLogs({ ...pipes, clock, maxBytes: Math.max(1, 2 * largestLogMb) * MiB })
}
