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
}
