import { closeSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { TemplateProcess, TemplateSpec } from '../../ports/empty-containers.ts'
import { hostnameOf } from './bundle.ts'
import type { MakeParts } from './make-empty.ts'
import { setOomScore, TEMPLATE_OOM_SCORE } from './oom-score.ts'
import { RuncTemplate } from './template.ts'
import { templateConfig } from './template-config.ts'

/**
 * Starts a template in a container of its own. There is no first process to hold it: the template's end is its end.
 * @throws Error when a step fails; nothing is left then.
 */
export async function startTemplate(
  spec: TemplateSpec,
  parts: MakeParts & { readonly signal: AbortSignal },
): Promise<TemplateProcess> {
  const { options, places, runc, hostBinds, signal, onMade, onGone } = parts
  const { kernel, confinement, log } = options
  const { name } = spec
  const bundle = join(places.bundles, name)
  const hostname = hostnameOf(name)
  const cgroup = `${places.cgroup}/${name}`
  const remove = async (): Promise<void> => {
    await kernel.removeControlGroups(cgroup).catch((error: unknown) => {
      log.error('template not removed', { container: name, error })
    })
    for (const folder of [join(places.runc, name), bundle]) await rm(folder, { recursive: true, force: true })
  }
  const output = kernel.pipe()
  const reader = new Socket({ fd: output.readFd, readable: true, writable: false })
  try {
    signal.throwIfAborted()
    const config = templateConfig({
      ...{ spec, confinement, hostBinds, bundle, hostname, cgroup: `/${cgroup}` },
      cgroups: kernel.cgroups,
      rootfs: places.rootfs,
    })
    await mkdir(bundle, { mode: 0o700 })
    await writeFile(join(bundle, 'config.json'), JSON.stringify(config), { mode: 0o600 })
    await writeFile(join(bundle, 'hosts'), `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`)
    const pid = await runc.run(name, { bundle, signal, stdio: [output.writeFd, output.writeFd, spec.controlFd] })
    const ended = kernel.ended(pid)
    signal.throwIfAborted()
    setOomScore(pid, TEMPLATE_OOM_SCORE)
    const template: RuncTemplate = new RuncTemplate({
      ...{ pid, ended, remove, cgroup: kernel.controlGroup(pid), output: reader },
      onGone: () => onGone(template),
    })
    onMade(template)
    return template
  } catch (error) {
    reader.destroy()
    await remove()
    throw error
  } finally {
    closeSync(output.writeFd)
  }
}
