// SPDX-License-Identifier: GPL-3.0-or-later
// Checks a template with AWS's own validator, from the npm package @aws/cloudformation-validate.
//
// usage: node validate.mjs FOLDER TEMPLATE   (FOLDER: where node_modules is)
import { createRequire } from "node:module";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const [folder, template] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), "package.json"));
const { RegoEngine, TemplateFile } = require("@aws/cloudformation-validate");

// `sam deploy` puts the name of an uploaded object where the name of the zip is.
const uploaded = readFileSync(template, "utf8")
  .replaceAll("Code: build/rafilm.zip", "Code: { S3Bucket: uploads, S3Key: rafilm.zip }")
  .replaceAll(
    "DefinitionS3Location: training.asl.json",
    "DefinitionS3Location: { Bucket: uploads, Key: training.asl.json }",
  );
// With every choice made, so that what is conditional is checked too.
const parameterOverrides = {
  BedrockModel: "eu.amazon.nova-micro-v1:0",
  BudgetEmail: "somebody@example.org",
  CampaignArn: "arn:aws:personalize:us-east-1:123456789012:campaign/films",
  RestoredTable: "rafilm-restored",
  RestoredTableStream: "arn:aws:dynamodb:us-east-1:123456789012:table/rafilm-restored/stream/2026-01-01T00:00:00.000",
  SesFrom: "Rafilm <codes@example.org>",
  SesIdentityArn: "arn:aws:ses:us-east-1:123456789012:identity/example.org",
};
const scratch = mkdtempSync(path.join(tmpdir(), "rafilm-validate-"));
const copy = path.join(scratch, "template.yaml");
const engine = new RegoEngine();
let errors = 0;
try {
  writeFileSync(copy, uploaded);
  const report = engine.validateStandard(new TemplateFile(copy), { parameterOverrides });
  const counts = {};
  for (const fault of report.diagnostics) {
    const severity = String(fault.severity).toUpperCase();
    counts[severity] = (counts[severity] ?? 0) + 1;
    if (severity !== "INFO" && severity !== "DEBUG")
      console.error(`${severity} ${fault.ruleId}: ${fault.entity?.logicalId ?? ""} ${fault.message}`);
    if (severity === "ERROR" || severity === "FATAL") errors++;
  }
  console.log(`aws_findings=${JSON.stringify(counts)}`);
  console.log(`aws_errors=${errors}`);
} finally {
  engine.free();
  rmSync(scratch, { recursive: true });
}
process.exit(errors > 0 ? 1 : 0);
