/** The desk's control interface (`/sim/…`) and nothing else. */

/** status 0: the desk could not be reached. detail: the desk's own words. */
class DeskError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new DeskError(0, String(error.message));
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    throw new DeskError(response.status, text.slice(0, 200));
  }
  if (!response.ok) throw new DeskError(response.status, detailOf(answer) || response.statusText);
  return answer;
}

/** `detail` is a sentence, or FastAPI's list of what is wrong with each field. */
export function detailOf(answer) {
  const detail = answer?.detail;
  if (Array.isArray(detail)) return detail.map((item) => item.msg ?? String(item)).join("; ");
  return detail ? String(detail) : "";
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
