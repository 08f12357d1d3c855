// An OpenAI-compatible model on loopback that answers what a test tells it to, as a stream.
import { once } from "node:events";
import { createServer } from "node:http";

export class Endpoint {
  /** What it answers, and what it was asked. */
  answer = "";
  asked = [];

  static async start() {
    const endpoint = new Endpoint();
    endpoint.server = createServer((request, response) => void endpoint.serve(request, response));
    endpoint.server.listen(0, "127.0.0.1");
    await once(endpoint.server, "listening");
    return endpoint;
  }

  /** Options of ai-lsp that have the actions done here. */
  get config() {
    const url = `http://127.0.0.1:${this.server.address().port}/v1`;
    const provider = `[[providers]]\nname = "team"\nmodel = "qwen3"\nurl = "${url}"\n`;
    return `${provider}[[permissions]]\nprovider = "team"\nallow = ["all"]\n[roles]\nedit = "team"\nchat = "team"\n`;
  }

  async serve(request, response) {
    let body = "";
    for await (const piece of request) {
      body += piece;
    }
    this.asked.push(JSON.parse(body).messages.at(-1).content);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const content of this.answer.match(/[^]{1,7}/g) ?? []) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
    }
    response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`);
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
