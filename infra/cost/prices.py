# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices in us-east-1, in USD without tax. Each names the page that it stands on.

(price, for how many, free a month, page). What is free for a first year only is not counted.
"""
MILLION = 1_000_000

PRICES = {
    'rest_requests': (3.50, MILLION, 0, 'aws.amazon.com/api-gateway/pricing'),
    'socket_messages': (1.00, MILLION, 0, 'aws.amazon.com/api-gateway/pricing'),
    'socket_minutes': (0.25, MILLION, 0, 'aws.amazon.com/api-gateway/pricing'),
    'invocations': (0.20, MILLION, MILLION, 'aws.amazon.com/lambda/pricing'),
    'gb_seconds': (0.0000166667, 1, 400_000, 'aws.amazon.com/lambda/pricing, x86'),
    'write_units': (0.625, MILLION, 0, 'aws.amazon.com/dynamodb/pricing/on-demand'),
    'read_units': (0.125, MILLION, 0, 'aws.amazon.com/dynamodb/pricing/on-demand'),
    'table_gb': (0.25, 1, 25, 'aws.amazon.com/dynamodb/pricing/on-demand'),
    'recovery_gb': (0.20, 1, 0, 'aws.amazon.com/dynamodb/pricing/on-demand'),
    'exported_gb': (0.10, 1, 0, 'aws.amazon.com/dynamodb/pricing/on-demand'),
    'kms_requests': (0.03, 10_000, 20_000, 'aws.amazon.com/kms/pricing'),
    'monthly_users': (0.015, 1, 10_000, 'aws.amazon.com/cognito/pricing, Essentials'),
    'mails': (0.10, 1000, 0, 'aws.amazon.com/ses/pricing'),
    'firewall_parts': (1.00, 1, 0, 'aws.amazon.com/waf/pricing: 5 an ACL, 1 a rule or group'),
    'firewall_requests': (0.60, MILLION, 0, 'aws.amazon.com/waf/pricing'),
    'input_tokens': (0.035, MILLION, 0, 'aws.amazon.com/bedrock/pricing, Nova Micro'),
    'output_tokens': (0.14, MILLION, 0, 'aws.amazon.com/bedrock/pricing, Nova Micro'),
    'training_hours': (0.24, 1, 0, 'aws.amazon.com/personalize/pricing, custom solutions'),
    'rankings': (0.067, 1000, 0, 'aws.amazon.com/personalize/pricing, batch recommendations'),
    'ingested_gb': (0.05, 1, 0, 'aws.amazon.com/personalize/pricing'),
    'transitions': (0.025, 1000, 4000, 'aws.amazon.com/step-functions/pricing, Standard'),
    'metric_months': (0.30, 1, 10, 'aws.amazon.com/cloudwatch/pricing'),
    'alarms': (0.10, 1, 10, 'aws.amazon.com/cloudwatch/pricing'),
    'log_gb': (0.50, 1, 5, 'aws.amazon.com/cloudwatch/pricing'),
    'stored_gb': (0.023, 1, 0, 'aws.amazon.com/s3/pricing, Standard'),
    'sent_gb': (0.09, 1, 100, 'aws.amazon.com/ec2/pricing/on-demand, data transfer'),
    'site_gb': (0.15, 1, 0, 'aws.amazon.com/amplify/pricing'),
}


def price(name, amount):
    """USD for so much of something in a month."""
    usd, unit, free, _ = PRICES[name]
    return max(0, amount - free) / unit * usd
