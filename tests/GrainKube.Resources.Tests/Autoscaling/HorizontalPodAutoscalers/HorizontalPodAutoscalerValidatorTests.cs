using Xunit;

namespace GrainKube.Resources.Tests.Autoscaling.HorizontalPodAutoscalers;

public sealed class HorizontalPodAutoscalerValidatorTests
{
    [Fact]
    public void Everything_wrong_is_told_at_once() => Assert.Equal(
        [
            "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
            "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
            "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
            "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`",
            "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
            "spec.metrics[1].type: Unsupported value: \"Magic\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"",
            "spec.scaleTargetRef.name: Required value",
        ],
        Written.Create("horizontalpodautoscalers.autoscaling", """
            {"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":""},"minReplicas":3,"maxReplicas":2,
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}},{"type":"Magic"}],
             "behavior":{"scaleUp":{"stabilizationWindowSeconds":4000,"policies":[{"type":"Pods","value":0,"periodSeconds":1801}]}}}}
            """).Errors);

    [Fact]
    public void A_direction_that_is_mentioned_is_filled_in() => Assert.Equal(
        """{"scaleDown":{"stabilizationWindowSeconds":60,"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15}]}}""",
        Written.Create("horizontalpodautoscalers.autoscaling", """
            {"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":2,"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}}
            """).Item["spec"]!["behavior"]!.ToJsonString());

    [Theory]
    [InlineData(
        """{"type":"Pods","pods":{"metric":{"name":""},"target":{"type":""}}}""",
        "pods.metric.name: Required value: must specify a metric name",
        "pods.target.averageValue: Required value: must specify a positive target averageValue",
        "pods.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue",
        "pods.target.type: Required value: must specify a metric target type")]
    [InlineData(
        """{"type":"Object","object":{"describedObject":{"kind":"","name":""},"metric":{"name":"a/b"},"target":{"type":"Value"}}}""",
        "object.describedObject.kind: Required value",
        "object.describedObject.name: Required value",
        "object.metric.name: Invalid value: \"a/b\": may not contain '/'",
        "object.target.averageValue: Required value: must set either a target value or averageValue")]
    [InlineData(
        """{"type":"External","external":{"metric":{"name":"a"},"target":{"type":"Value","value":"1","averageValue":"1"}}}""",
        "external.target.value: Forbidden: may not set both a target value for metric and a per-pod target")]
    [InlineData(
        """{"type":"External","external":{"metric":{"name":"a"},"target":{"type":"Value"}}}""",
        "external.target.averageValue: Required value: must set either a target value for metric or a per-pod target")]
    [InlineData(
        """{"type":"External","external":{"metric":{"name":"a"},"target":{"type":"Value","value":"-1"}}}""",
        "external.target.value: Invalid value: \"-1\": must be positive")]
    [InlineData(
        """{"type":"ContainerResource","containerResource":{"name":"cpu","container":"","target":{"type":"Utilization","averageUtilization":0}}}""",
        "containerResource.container: Required value: must specify a container",
        "containerResource.target.averageUtilization: Invalid value: 0: must be greater than 0")]
    [InlineData(
        """{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":1}},"pods":{"metric":{"name":"a"},"target":{"type":"AverageValue","averageValue":"1"}}}""",
        "pods: Forbidden: must populate the given metric source only")]
    [InlineData("""{"type":"Pods"}""", "pods: Required value: must populate information for the given metric source")]
    public void A_metric_is_what_its_type_says(string metric, params string[] errors) => Assert.Equal(
        errors.Select(e => "spec.metrics[0]." + e),
        Written.Create("horizontalpodautoscalers.autoscaling", $$$"""
            {"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":2,"metrics":[{{{metric}}}]}}
            """).Errors);

    [Fact]
    public void A_tolerance_is_not_negative() => Assert.Equal(
        ["spec.behavior.scaleUp.tolerance: Invalid value: \"-1\": must be greater than or equal to 0"],
        Written.Create("horizontalpodautoscalers.autoscaling", """
            {"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":2,"behavior":{"scaleUp":{"tolerance":"-1"}}}}
            """).Errors);
}
