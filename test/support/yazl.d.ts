declare module 'yazl' {
  /** As much of yazl as the tests use; the package has no types. */
  export class ZipFile {
    readonly outputStream: import('node:stream').Readable
    addBuffer(content: Buffer, path: string, options?: { readonly mode?: number; readonly compress?: boolean }): void
    addFile(file: string, path: string, options?: { readonly mode?: number }): void
    end(): void
  }
}
