# What a person must hear of. The figures are those of the API's own metrics: a collector beside it reads them every minute
# and hands on the few that an alarm looks at.
locals {
  namespace = "${var.name}/service"

  collector_configuration = {
    receivers = {
      prometheus = {
        config = {
          scrape_configs = [{
            job_name        = "comparator"
            scrape_interval = "60s"
            scrape_timeout  = "30s"
            static_configs  = [{ targets = ["127.0.0.1:3000"] }]
            authorization   = { credentials = "$${env:METRICS_KEY}" }
            metric_relabel_configs = [{
              source_labels = ["__name__"]
              regex         = join("|", distinct([for alarm in local.of_metrics : alarm.metric]))
              action        = "keep"
            }]
          }]
        }
      }
    }
    exporters = {
      awsemf = {
        namespace               = local.namespace
        region                  = var.region
        log_group_name          = aws_cloudwatch_log_group.this["metrics"].name
        log_stream_name         = "{TaskId}"
        dimension_rollup_option = "NoDimensionRollup"
        metric_declarations = [
          for alarm in local.of_metrics : {
            dimensions            = [keys(alarm.dimensions)]
            metric_name_selectors = ["^${alarm.metric}$"]
          }
        ]
      }
    }
    service = { pipelines = { metrics = { receivers = ["prometheus"], exporters = ["awsemf"] } } }
  }

  collector = merge(local.container, {
    name        = "metrics"
    image       = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
    essential   = false
    environment = [{ name = "AOT_CONFIG_CONTENT", value = yamlencode(local.collector_configuration) }]
    secrets     = [{ name = "METRICS_KEY", valueFrom = var.metrics_key_secret_arn }]
    mountPoints = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    dependsOn   = [{ containerName = "api", condition = "START" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this["api"].name
        awslogs-region        = var.region
        awslogs-stream-prefix = "metrics"
      }
    }
  })

  # More than none of these, for as many minutes, is somebody's business.
  of_metrics = {
    needs-operator = {
      metric      = "comparator_experiments_open"
      dimensions  = { phase = "needs-operator" }
      minutes     = 5
      description = "The destroy of an experiment has failed three times: its page says what a person can do."
    }
    alive-past-its-time = {
      metric      = "comparator_orphans"
      dimensions  = {}
      minutes     = 15
      description = "Something lives of experiments that have ended, and the reaper could not destroy it: see /api/orphans."
    }
    workflows-failing = {
      metric      = "comparator_workflow_tasks_failing"
      dimensions  = {}
      minutes     = 15
      description = "The code of open workflows fails, so that nothing of them goes on: the worker's log says why."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "of_metrics" {
  for_each = local.of_metrics

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = local.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = each.value.minutes
  # A phase that nobody is in has no figure; that there are none at all is an alarm of its own.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_topic_arns
  ok_actions         = var.alarm_topic_arns
  tags               = local.tags
}

# What the service's own figures cannot tell, for as many periods of as many seconds.
locals {
  of_surroundings = {
    blind = {
      description = "No figures for a quarter of an hour: APIs, the collector, Temporal or S3 do not answer, and the other alarms see nothing."
      namespace   = local.namespace
      metric      = local.of_metrics["alive-past-its-time"].metric
      dimensions  = {}
      statistic   = "SampleCount"
      period      = 300
      periods     = 3
    }
    # For longer than a replacement takes: while the old one works, there is one.
    no-worker = {
      description = "No worker has run for a quarter of an hour: nothing is begun, and nothing destroyed."
      namespace   = "ECS/ContainerInsights"
      metric      = "RunningTaskCount"
      dimensions  = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.worker.name }
      statistic   = "Maximum"
      period      = 300
      periods     = 3
    }
    no-api = {
      description = "No API is ready: Temporal or S3 do not answer it, or none runs. Experiments go on by themselves."
      namespace   = "AWS/ApplicationELB"
      metric      = "HealthyHostCount"
      dimensions  = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.api.arn_suffix }
      statistic   = "Maximum"
      period      = 60
      periods     = 5
    }
  }
}

# Less than one of these, or nothing known of them, is an alarm.
resource "aws_cloudwatch_metric_alarm" "of_surroundings" {
  for_each = local.of_surroundings

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-errors"
  alarm_description   = "APIs answer with errors of their own: their log has each with its stack."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags
}
