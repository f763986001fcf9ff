/** The little of jsdom that the charts use; the package brings no types. */
declare module 'jsdom' {
  export class JSDOM {
    constructor(html: string)
    readonly window: { readonly document: { readonly body: { innerHTML: string } } }
  }
}
