// The worksheet on paper.
import { css } from "../../vendor/lit.js";

export const paper = css`
  @media print {
    .screen,
    .cannot {
      display: none;
    }
    .paper {
      display: block;
      color: #000;
      font-size: 10.5pt;
      line-height: 1.32;
    }
    .paper p {
      margin: 0;
    }
    .paper .head {
      display: flex;
      gap: 6mm;
      justify-content: space-between;
    }
    .paper .title {
      font-size: 16pt;
      font-weight: 800;
    }
    .paper .link {
      font-family: ui-monospace, monospace;
      font-size: 8.5pt;
      overflow-wrap: anywhere;
    }
    .paper .who {
      margin: 5mm 0 2mm;
    }
    .paper .who span {
      display: inline-block;
      min-width: 32mm;
      border-bottom: 0.3mm solid #000;
    }
    .paper ol {
      margin: 0;
      padding-left: 6mm;
    }
    .paper .code {
      flex: none;
      width: 26mm;
      height: 26mm;
      margin: -2mm -2mm 0 0;
      fill: #000;
    }
    .paper ol > li {
      margin-top: 4mm;
      break-inside: avoid;
    }
    .paper .options {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 1mm 5mm;
      margin-top: 1.5mm;
    }
    .paper .options > span {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 2mm;
    }
    .paper .box {
      width: 3.6mm;
      height: 3.6mm;
      margin-top: 0.6mm;
      border: 0.35mm solid #000;
    }
    .paper .line {
      height: 8mm;
      padding-top: 1.5mm;
      border-bottom: 0.25mm solid #888;
      color: #555;
      font-size: 8.5pt;
    }
    .paper .answer {
      font-size: 9.5pt;
    }
    .paper ul {
      margin: 0;
      padding-left: 5mm;
    }
  }
`;
