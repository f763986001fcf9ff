import type { Config } from '../../../invoker/config/read-config.ts'
import type { BuildRequest } from '../../../invoker/ports/image-admin.ts'
import type { Given, Surroundings } from '../command.ts'
import { channelTo, Unreachable } from './channel.ts'
import { ImageClient, Refused } from './client.ts'
import { progressView } from './progress.ts'
import { viewAdvice, viewDetails, viewLine, viewList } from './views.ts'
import { type ImageOrder, readOrder } from './words.ts'

/** What is shown of an answer: the JSON, or text for people. */
interface Shown {
  readonly json: unknown
  readonly text: string
}

/** `warmwhisk image`: lists, shows, builds, removes and advises, on a running server. */
export async function runImage(given: Given, config: Config, around: Surroundings): Promise<number> {
  const order = readOrder(given)
  const client = new ImageClient(channelTo(given.options.url, config))
  try {
    const { json, text } = await carryOut(order, client, around)
    around.print(given.options.json ? JSON.stringify(json, undefined, 2) : text)
    return 0
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error
    around.complain(error.message)
    return 1
  }
}

async function carryOut(order: ImageOrder, client: ImageClient, around: Surroundings): Promise<Shown> {
  switch (order.verb) {
    case 'list': {
      const images = await client.list()
      return { json: images, text: viewList(images) }
    }
    case 'show': {
      const image = await client.show(order.id)
      return { json: image, text: viewDetails(image, Date.now()) }
    }
    case 'remove': {
      const image = await client.remove(order.id)
      return { json: image, text: `Removed ${viewLine(image)}` }
    }
    case 'advise': {
      const advice = await client.advise()
      return { json: advice, text: viewAdvice(advice) }
    }
    case 'build':
      return await build(order.request, client, around)
    default:
      return order satisfies never
  }
}

async function build(request: BuildRequest, client: ImageClient, around: Surroundings): Promise<Shown> {
  const view = progressView(around)
  try {
    const image = await client.build(request, (progress) => view.show(progress))
    return { json: image, text: `Built ${viewLine(image)}` }
  } finally {
    view.end()
  }
}
