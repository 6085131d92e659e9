// What the page uses of uPlot, which is vendored without its declarations.

export default class UPlot {
  static pxRatio: number;
  constructor(options: Record<string, unknown>, data: unknown[][], place: Element);
  readonly root: HTMLElement;
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  readonly width: number;
  readonly height: number;
  valToPos(value: number, scale: string, canvasPixels?: boolean): number;
  setData(data: unknown[][]): void;
  setSize(size: { width: number; height: number }): void;
  redraw(): void;
  destroy(): void;
}
