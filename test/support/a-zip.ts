import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** Packs files into a zip, base64 as an /init carries it. A value `{ link }` becomes a symbolic link. */
export async function aZip(
  files: Readonly<Record<string, string | Buffer | { readonly link: string }>>,
): Promise<string> {
  return (await zipBytes(files)).toString('base64')
}

/** As {@link aZip}, in bytes. */
export async function zipBytes(
  files: Readonly<Record<string, string | Buffer | { readonly link: string }>>,
): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'object' && 'link' in content) {
      zip.addBuffer(Buffer.from(content.link), name, { mode: 0o120777, compress: false })
    } else zip.addBuffer(Buffer.from(content), name, { mode: 0o100644 })
  }
  zip.end()
  return buffer(zip.outputStream)
}

/** Replaces a name in the bytes of a zip by one of the same length: what no honest packer writes. */
export function renamed(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error(`"${from}" and "${to}" differ in length`)
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')
}
