/** @file Whether the service in this container is well: ends with 0 where GET /health says healthy or degraded, else with 1. */
const port = process.env.SERVICE_PORT || '8000';

try {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) });
  console.log((await response.json()).status);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`The service does not answer on port ${port}: ${error.cause?.code ?? error.name}.`);
  process.exitCode = 1;
}
