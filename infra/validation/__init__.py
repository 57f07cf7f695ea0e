# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of infra/template.yaml for what CloudFormation's own validators let pass."""
